"""The words around actions: who acts, how one asks for a motion, what leads to the next one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """Who acts: the words at first mention and after, and how verbs and pronouns agree. Of
    ``is_past``, what is done was done; of ``is_terse``, few words are made."""

    first: str
    again: str
    their: str
    them: str
    plural_after: bool = False
    plural_first: bool = False
    is_past: bool = False
    is_terse: bool = False

    def form(self, first: bool = True) -> str:
        """The form of a verb after the first mention, or after a later one."""
        plural = self.plural_first if first else self.plural_after
        if self.is_past:
            return "past plural" if plural else "past"
        return "plural" if plural else "finite"


def _subjects(names: str, again: str, their: str, them: str, plural: bool = False):
    return [Subject(name, again, their, them, plural) for name in names.split(", ")]


_HE = _subjects(
    "a man, a man, the man, a guy, a boy, he, a gentleman, this man, a male, the guy, the boy, "
    "this guy, some guy, a dude, a fellow, our hero, the hero, a young man, an old man",
    "he", "his", "him",
)  # fmt: skip
_HE_IN_ROLES = _subjects(
    "John, Peter, Tom, David, Bob, Jack, Paul, Mark, Mike, James, the father, grandpa, the king, "
    "a soldier, the waiter, a priest, the butler, a monk, the prince, the boss, a policeman, "
    "the teacher, a fisherman, the farmer, the old man, a wizard, a knight, the cowboy, the clown, "
    "a drunk, the drunk, a boxer, a burglar, the thief, a businessman, the uncle, the sailor",
    "he", "his", "him",
)  # fmt: skip
_SHE_IN_ROLES = _subjects(
    "Mary, Anna, Jane, Sarah, Lisa, Emma, Kate, Linda, Alice, Susan, the mother, grandma, the queen, "
    "a nurse, the waitress, the princess, a witch, the bride, a policewoman, the teacher, the aunt, "
    "a ballerina, the old lady, a businesswoman, the actress, a schoolgirl, the singer, a ninja",
    "she", "her", "her",
)  # fmt: skip
_ANYONE_IN_ROLES = _subjects(
    "the guard, a guard, the detective, a dancer, the student, a tourist, the doctor, an athlete, "
    "the pilot, a worker, the customer, a guest, the pianist, the goalkeeper, a swimmer, the spy, "
    "the driver, an acrobat, the conductor, the villain, a fighter, the bouncer, the champion",
    "they", "their", "them", plural=True,
)  # fmt: skip
_SHE = _subjects(
    "a woman, a woman, the woman, a girl, a lady, she, this woman, a female, the girl, the lady, "
    "our heroine, a young woman, an old woman, the heroine",
    "she", "her", "her",
)  # fmt: skip
_ANYONE = _subjects(
    "a person, a person, a person, a person, someone, somebody, the person, an actor, a human, "
    "an individual, a human being, this person, a performer, a kid, a child, the actor, "
    "the player, my character, our character, the protagonist, a player, the performer, an adult",
    "they", "their", "them", plural=True,
)  # fmt: skip
_CHARACTER = _subjects(
    "the character, the figure, a character, the avatar, a figure, the robot, a robot, the model, "
    "the mannequin, this character, my character, the humanoid, the puppet, the rig, an avatar, a zombie, "
    "the alien, the monster, a skeleton, the doll, an android, the creature, the giant",
    "it", "its", "it",
)  # fmt: skip
SUBJECTS = (
    *(_ANYONE, _ANYONE, _ANYONE, _HE, _HE, _SHE, _SHE, _CHARACTER, _CHARACTER),
    *(_HE_IN_ROLES, _SHE_IN_ROLES, _ANYONE_IN_ROLES),
)
# These take the base form of the verb, and "am" or "are".
SPEAKERS = (
    Subject("i", "i", "my", "me", True, True),
    Subject("you", "you", "your", "you", True, True),
    Subject("they", "they", "their", "them", True, True),
    Subject("we see that they", "they", "their", "them", True, True),
)
ONESELF = Subject("", "", "your", "you")
BARE = Subject("", "", "the", "the body")

# A bare "and" may mean either order or one time, so it stays rare here.
LINKS = (
    ", then ", ", then ", ", then ", " and then ", " and then ", ", and then ", ", and then ",
    " and after that ", ", after that ", " and ", ", next ", ", and next ", ", and afterwards ",
    " and afterwards ", ", and subsequently ", 
    "; then ", ", and from there ", " -> ", " and immediately ", ", and then immediately ",
    ", and now ", "; next, ", ", and right after that ", " and then, a moment later, ",
)  # fmt: skip
# Between what is told with a subject of its own.
NEW_SENTENCES = (
    ". Then ", ". After that ", ", and then ", ". Next, ", ". Afterwards ", "; then ", ". ",
    ". After this, ", ", after which ", ". Following that, ", ". Subsequently, ", ". Later, ",
    ". And then ", ". Once that is done, ", ". From there, ", "; after that, ", ". Now ", "; ",
    ". A moment later ", ". Right after that, ", ", whereupon ", ", upon which ", ". Then, ",
)  # fmt: skip
LAST_SENTENCES = (
    ". Finally, ", ", and finally ", ". In the end ", ". Lastly, ", ", and lastly ",
    ". To finish, ", ". At the end ", ", and at the end ",
)  # fmt: skip
LAST_LINKS = (
    ", and finally ", " and finally ", ", finally ", ", and lastly ", ", and to finish ",
    ", and at the end ", ", then finally ",
)  # fmt: skip
AT_ONCE = (
    " while ", " while ", " while ", ", ", ", at the same time ", ", all the while ", " whilst ",
    ", simultaneously ", ", meanwhile ", " while also ", ", all while ", " while at the same time ",
    " while still ", ", always ", " whilst also ", ", the whole time ", " while ", " ", ", ",
)  # fmt: skip
# A bare "and" may mean either: together here, one after the other in a sequence.
AND_AT_ONCE = (
    " and at the same time ", " and simultaneously ", " and meanwhile ", " and ",
    " and in the meantime ", " & ", " + ", ", and simultaneously ", "; at the same time ", ", while at it ",
)  # fmt: skip

# Phrasings of a request: what stands before "walk", before "a man walk", "a man to walk" and "a man
# walking".
ASKED = (
    "please ", "now ", "show me how to ", "show how to ", "show me how you ", "can you ",
    "could you ", "would you ", "will you please ", "could you please ", "i want you to ",
    "i would like you to ", "i need you to ", "you should ", "you have to ", "try to ",
    "it is time to ", "let me see you ", "let us see you ", "your task is to ", "the task is to ",
    "generate a motion: ", "motion: ", "animation: ", "make a clip: ", "do this: ", "go ahead and ",
    "just ", "let us ", "you must ", "you need to ", "start to ", "be so kind as to ", "action: ",
    "prompt: ", "ok, ", "hey, ",
    "in this shot you ", "i command you to ", "can you please ", "would you kindly ",
)  # fmt: skip
MADE_TO = (
    "make {} ", "let {} ", "have {} ", "show me how to make {} ", "can you make {} ",
    "could you let {} ", "please make {} ", "please let {} ", "please have {} ",
    "i would like to see {} ", "let me watch {} ", "i want {} to ", "i would like {} to ",
    "i need {} to ", "get {} to ", "ask {} to ", "tell {} to ", "{} should ", "{} starts to ",
    "{} has to ", "{} wants to ", "could you have {} ", "can you get {} to ", "we need {} to ",
    "{} must ", "{} needs to ", "{} will ", "{} is going to ", "{} is asked to ", "{} decides to ",
    "{} begins to ", "{} is about to ", "in this shot, {} should ", "animate {} so that they ",
    "we see {} ", "watch {} ", "please get {} to ", "{} is supposed to ", "{} proceeds to ",
    "{} tries to ", "{} can ", "{} is told to ", "for this scene i need {} to ",
)  # fmt: skip
SEEN = (
    "there is {} ", "an animation of {} ", "a clip of {} ", "a motion of {} ", "here is {} ",
    "show me {} ", "show {} ", "give me {} ", "i need an animation of {} ", "i need a clip of {} ",
    "i want to see {} ", "can i see {} ", "let me see {} ", "make an animation of {} ",
    "generate a motion of {} ", "generate {} ", "create a clip of {} ",
    "create an animation of {} ", "please show {} ", "a shot of {} ", "a video of {} ",
    "animate {} ", "a recording of {} ", "a motion capture of {} ", "mocap of {} ",
    "can you animate {} ", "please animate {} ", "footage of {} ", "a short animation of {} ",
    "i would like an animation of {} ", "this is {} ", "we see {} ", "picture {} ", "imagine {} ",
    "a scene with {} ", "a looping clip of {} ", "an animated clip of {} ", "could you animate {} ",
)  # fmt: skip
# Before what is told without a subject, and what only stands before nouns.
HEADINGS = (
    "animation: ", "motion: ", "one clip: ", "shot list: ", "action: ", "sequence: ", "mocap: ",
    "needed: ", "clip: ", "shot: ", "task: ",
)  # fmt: skip
WANTED = (
    "i need ", "give me ", "create ", "generate ", "show me ", "an animation of ", "a clip of ",
    "animate ", "i want ", "make ", "a clip with ", "please make ", "can i have ", "let me see ",
)  # fmt: skip
