"""The panel's words in German, Japanese and Simplified Chinese; English stands in the sources.

Registered with Blender, which shows them in the language of its preferences.
"""

import bpy

# Blender renamed Chinese with version 4.0; a name that it does not know is never asked for.
LANGUAGES = (("de_DE",), ("ja_JP",), ("zh_CN", "zh_HANS"))
# Labels of operators stand in a context of their own.
_CONTEXTS = ("*", "Operator")

WORDS = {
    "Accept": ("Annehmen", "採用", "接受"),
    "Action": ("Action", "アクション", "动作"),
    "Action Before": ("Action davor", "以前のアクション", "之前的动作"),
    "Add GPU and Large Models": (
        "GPU und große Modelle hinzufügen",
        "GPUと大型モデルを追加",
        "添加 GPU 和大型模型",
    ),
    "Add Pin": ("Bindung hinzufügen", "ピンを追加", "添加固定点"),
    "Add Pose": ("Pose hinzufügen", "ポーズを追加", "添加姿态"),
    "Add Prompt Here": ("Beschreibung hier einfügen", "ここにプロンプトを追加", "在此添加提示词"),
    "Again": ("Noch einmal", "もう一度", "再次生成"),
    "Along": ("Entlang", "進行方向", "沿路径"),
    "Always": ("Immer", "常に", "始终"),
    "An installation was cut off": (
        "Eine Installation wurde abgebrochen",
        "インストールが中断されました",
        "安装被中断",
    ),
    "Annotation": ("Anmerkung", "アノテーション", "标注"),
    "Apply Pins": ("Bindungen anwenden", "ピンを適用", "应用固定点"),
    "Arm": ("Arm", "腕", "手臂"),
    "Auto": ("Auto", "自動", "自动"),
    "Automatic": ("Automatisch", "自動", "自动"),
    "Between Selected Keys": ("Zwischen gewählten Keyframes", "選択キーの間", "选定关键帧之间"),
    "Bones": ("Knochen", "ボーン", "骨骼"),
    "Both": ("Beide", "両方", "两者"),
    "Build": ("Ausführung", "ビルド", "构建版本"),
    "By Itself": ("Von selbst", "おまかせ", "自行决定"),
    "Cancel": ("Abbrechen", "キャンセル", "取消"),
    "Cancel Installation": ("Installation abbrechen", "インストールを中止", "取消安装"),
    "Character": ("Figur", "キャラクター", "角色"),
    "Copy Command for Offline Use": (
        "Befehl für Offline-Nutzung kopieren",
        "オフライン用コマンドをコピー",
        "复制离线安装命令",
    ),
    "Creativity": ("Kreativität", "創造性", "创造性"),
    "Current Frame": ("Aktuelles Bild", "現在のフレーム", "当前帧"),
    "Describe": ("Beschreiben", "説明を作成", "描述"),
    "Device": ("Gerät", "デバイス", "设备"),
    "Direction": ("Regie", "演出", "编导"),
    "Edit": ("Bearbeiten", "編集", "编辑"),
    "Edit Parts": ("Körperteile bearbeiten", "部位を編集", "编辑部位"),
    "End Here": ("Hier beenden", "ここで終了", "在此结束"),
    "End of Motion": ("Ende der Bewegung", "動きの終わり", "动作结尾"),
    "Facing": ("Blick", "向き", "朝向"),
    "Feather": ("Übergang", "フェザー", "羽化"),
    "Feet": ("Füße", "足", "双脚"),
    "Fewer Keys": ("Weniger Keyframes", "キーを減らす", "减少关键帧"),
    "First": ("Erstes", "最初", "首帧"),
    "Folder of Wheels": ("Ordner mit Wheels", "Wheelのフォルダー", "Wheel 文件夹"),
    "For another version of Limber": (
        "Für eine andere Limber-Version",
        "別バージョンのLimber用です",
        "适用于其他 Limber 版本",
    ),
    "Frame": ("Bild", "フレーム", "帧"),
    "Frames": ("Bilder", "フレーム", "帧"),
    "Free": ("Frei", "自由", "自由"),
    "From Timeline": ("Aus der Zeitleiste", "タイムラインから", "从时间线"),
    "GPU and Large Models": ("GPU und große Modelle", "GPUと大型モデル", "GPU 和大型模型"),
    "Generate": ("Erzeugen", "生成", "生成"),
    "Generate Directed": ("Nach Regie erzeugen", "演出に従って生成", "按编导生成"),
    "Generate Loop": ("Schleife erzeugen", "ループを生成", "生成循环"),
    "Generate Timeline": ("Zeitleiste erzeugen", "タイムラインを生成", "生成时间线"),
    "Generate Motion": ("Bewegung erzeugen", "動きを生成", "生成动作"),
    "Ground": ("Boden", "地面", "地面"),
    "Guidance": ("Texttreue", "ガイダンス", "引导强度"),
    "Hand": ("Hand", "手", "手部"),
    "Head": ("Kopf", "頭", "头部"),
    "Hips": ("Hüfte", "腰", "臀部"),
    "In Gaps": ("In Lücken", "隙間では", "空隙中"),
    "In Place": ("Auf der Stelle", "その場", "原地"),
    "Keep Animation": ("Animation behalten", "アニメーションを保持", "保留动画"),
    "Key Poses": ("Schlüsselposen", "キーポーズ", "关键姿态"),
    "Last": ("Letztes", "最後", "末帧"),
    "Left Arm": ("Linker Arm", "左腕", "左臂"),
    "Left Foot": ("Linker Fuß", "左足", "左脚"),
    "Left Hand": ("Linke Hand", "左手", "左手"),
    "Left Leg": ("Linkes Bein", "左脚", "左腿"),
    "Leg": ("Bein", "脚", "腿部"),
    "Length": ("Länge", "長さ", "长度"),
    "Limb": ("Glied", "手足", "肢体"),
    "Limber Preset": ("Limber-Voreinstellung", "Limberプリセット", "Limber 预设"),
    "Limber Presets": ("Limber-Voreinstellungen", "Limberプリセット", "Limber 预设"),
    "Limbs": ("Gliedmaßen", "手足", "四肢"),
    "Live Preview": ("Live-Vorschau", "ライブプレビュー", "实时预览"),
    "Load Profile": ("Profil laden", "プロファイルを読み込む", "加载配置"),
    "Loading the model": ("Modell wird geladen", "モデルを読み込み中", "正在加载模型"),
    "Loading torch": ("Torch wird geladen", "torchを読み込み中", "正在加载 torch"),
    "Look At": ("Blick auf", "注視", "注视"),
    "Loop": ("Schleife", "ループ", "循环"),
    "Loop the Action": ("Action zur Schleife machen", "アクションをループ化", "将动作变为循环"),
    "Make This Stretch Anew": (
        "Diesen Abschnitt neu erzeugen",
        "この区間を作り直す",
        "重新生成此段",
    ),
    "Mark as Asset": ("Als Asset markieren", "アセットとしてマーク", "标记为资产"),
    "Markers": ("Marker", "マーカー", "标记"),
    "Model": ("Modell", "モデル", "模型"),
    "Model Folder": ("Modellordner", "モデルのフォルダー", "模型文件夹"),
    "NLA Strips": ("NLA-Strips", "NLAストリップ", "NLA 片段"),
    "Never": ("Nie", "なし", "从不"),
    "New Seed": ("Neuer Startwert", "新しいシード", "新种子"),
    "no known action; say what the person does": (
        "keine bekannte Handlung; was tut die Person?",
        "既知の動作がありません。人物が何をするか書いてください",
        "没有已知动作；请写明人物做什么",
    ),
    "Not installed": ("Nicht installiert", "未インストール", "未安装"),
    "not taught: {words}; similar words must do": (
        "nicht gelernt: {words}; ähnliche Wörter müssen genügen",
        "学習していない単語: {words}。似た単語で代用します",
        "未学过：{words}；将参照相近的词",
    ),
    "Object": ("Objekt", "オブジェクト", "物体"),
    "Onto a new mannequin": (
        "Auf eine neue Gliederpuppe",
        "新しいマネキンに適用",
        "应用到新的人体模型",
    ),
    "Packages Folder": ("Paketordner", "パッケージのフォルダー", "软件包文件夹"),
    "Packages are missing": ("Pakete fehlen", "パッケージが足りません", "缺少软件包"),
    "Part": ("Körperteil", "部位", "部位"),
    "Parts": ("Körperteile", "部位", "部位"),
    "Path": ("Weg", "経路", "路径"),
    "Pin": ("Bindung", "ピン", "固定点"),
    "Pins": ("Bindungen", "ピン", "固定点"),
    "Placement": ("Platzierung", "配置", "放置"),
    "Pose": ("Pose", "ポーズ", "姿态"),
    "Precision": ("Genauigkeit", "精度", "精度"),
    "Presets": ("Voreinstellungen", "プリセット", "预设"),
    "Prompt": ("Beschreibung", "プロンプト", "提示词"),
    "Prompts": ("Beschreibungen", "プロンプト", "提示词"),
    "Prompts From": ("Beschreibungen aus", "プロンプトの場所", "提示词来源"),
    "Push to NLA": ("In den NLA übernehmen", "NLAへ送る", "下推到 NLA"),
    "Put Clip on Rig": ("Clip auf Rig übertragen", "クリップをリグに適用", "将片段应用到绑定"),
    "Quality": ("Qualität", "品質", "质量"),
    "Read Rig": ("Rig lesen", "リグを解析", "读取绑定"),
    "Ready": ("Bereit", "準備完了", "就绪"),
    "Ready; leave this mode to receive it": (
        "Fertig; zum Übernehmen den Modus verlassen",
        "完成。受け取るにはこのモードを終了してください",
        "已完成。退出此模式即可接收",
    ),
    "Reject": ("Verwerfen", "却下", "拒绝"),
    "Remove Packages": ("Pakete entfernen", "パッケージを削除", "移除软件包"),
    "Remove Pin": ("Bindung entfernen", "ピンを削除", "移除固定点"),
    "Remove Pose": ("Pose entfernen", "ポーズを削除", "移除姿态"),
    "Repair Packages": ("Pakete reparieren", "パッケージを修復", "修复软件包"),
    "Rig": ("Rig", "リグ", "绑定"),
    "Right Arm": ("Rechter Arm", "右腕", "右臂"),
    "Right Foot": ("Rechter Fuß", "右足", "右脚"),
    "Right Hand": ("Rechte Hand", "右手", "右手"),
    "Right Leg": ("Rechtes Bein", "右脚", "右腿"),
    "Root": ("Wurzel", "ルート", "根"),
    "Root Bone": ("Wurzelknochen", "ルートボーン", "根骨骼"),
    "Round": ("Runde", "一周", "一轮"),
    "Save Profile": ("Profil speichern", "プロファイルを保存", "保存配置"),
    "Seconds": ("Sekunden", "秒", "秒"),
    "Seed": ("Startwert", "シード", "种子"),
    "Selected Bones": ("Gewählte Knochen", "選択ボーン", "所选骨骼"),
    "Set Role": ("Rolle setzen", "役割を設定", "设置角色"),
    "Source": ("Quelle", "ソース", "来源"),
    "Speed": ("Tempo", "速度", "速度"),
    "Start": ("Beginn", "開始", "起始"),
    "Take": ("Take", "テイク", "镜次"),
    "Takes": ("Takes", "テイク", "镜次"),
    "Target": ("Ziel", "ターゲット", "目标"),
    "This Action was deleted": (
        "Diese Action wurde gelöscht",
        "このアクションは削除されました",
        "此动作已被删除",
    ),
    "Timeline": ("Zeitleiste", "タイムライン", "时间线"),
    "Timing": ("Zeitplan", "タイミング", "时间安排"),
    "To Scene End": ("Bis zum Szenenende", "シーンの終わりまで", "到场景结尾"),
    "Toggle Part": ("Körperteil umschalten", "部位を切り替え", "切换部位"),
    "Torso": ("Rumpf", "胴体", "躯干"),
    "Travelling": ("Fortlaufend", "移動", "行进"),
    "Understood": (
        "Verstanden",
        "理解した内容",
        "已理解",
    ),
    "unknown word: {words}": (
        "unbekanntes Wort: {words}",
        "不明な単語: {words}",
        "未知单词：{words}",
    ),
    "unknown word: {words}; did you mean {near}?": (
        "unbekanntes Wort: {words}; ist {near} gemeint?",
        "不明な単語: {words}。{near} のことですか?",
        "未知单词：{words}；是否指 {near}？",
    ),
    "Unload After Minutes": ("Entladen nach Minuten", "アンロードまでの分数", "闲置几分钟后卸载"),
    "Unload Before Rendering": (
        "Vor dem Rendern entladen",
        "レンダリング前にアンロード",
        "渲染前卸载",
    ),
    "Unload Model": ("Modell entladen", "モデルをアンロード", "卸载模型"),
    "Update Packages": ("Pakete aktualisieren", "パッケージを更新", "更新软件包"),
    "Use Prompt": ("Beschreibung verwenden", "プロンプトを使う", "使用提示词"),
    "Variations": ("Varianten", "バリエーション", "变体"),
    "Variations and Style": ("Varianten und Stil", "バリエーションとスタイル", "变体与风格"),
    "Vary": ("Abwandeln", "変化をつける", "变化"),
}


def table() -> dict[str, dict[tuple[str, str], str]]:
    """By language, then by context and English word: as Blender takes it."""
    return {
        name: {
            (context, word): translated[index]
            for word, translated in WORDS.items()
            for context in _CONTEXTS
        }
        for index, names in enumerate(LANGUAGES)
        for name in names
    }


def register() -> None:
    bpy.app.translations.register(__package__, table())


def unregister() -> None:
    bpy.app.translations.unregister(__package__)
