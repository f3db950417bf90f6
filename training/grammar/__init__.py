"""The motion grammar: parametric actions, placed in time, made into clips with exact captions."""
