"""Every sentence and label of the report, in one place, so that it can be translated.

Placeholders are those of `str.format`. A translation is another dictionary with the same keys; the
words under `player` and `face` are handed to the page's elements as they are.
"""

LANGUAGE = "en"

ANSWER = {
    "one_side": "Spasms on the {side} side of the face: {rate}{burden}{duration}.",
    "rate": "{value} a minute",
    "count_one": "1 in {observed} observed",
    "count_many": "{count} in {observed} observed",
    "burden": ", {value}\u202f% of the time",
    "duration": ", typically {value} long",
    "duration_one": ", lasting {value}",
    "both": "Spasms on both sides of the face: left {left}, right {right}{burden}.",
    "none": "No spasm was found in {observed} observed.",
    "undetermined": "Spasms were found ({counts}), but which side is affected could not be told.",
    "undetermined_none": "Which side is affected could not be told, and no spasm was found in "
    "{observed} observed.",
    "not_observed": "The face could not be observed long enough to say anything.",
    "left_count": "{count} on the left",
    "right_count": "{count} on the right",
    "side_phrase": "{side} side",
}

SIDES = {"left": "left", "right": "right", None: "whole face"}

KINDS = {"clonic": "clonic", "tonic": "tonic"}

MUSCLES = {
    "orbicularis_oculi": "eye closure",
    "orbicularis_oculi_upper": "upper lid",
    "orbicularis_oculi_lower": "lower lid",
}
"""Short names, where the muscle's own is long; the others are shown as they are named."""

MEASURES = {
    "spasm_rate": ("Spasms", "How often a spasm begins"),
    "clonic_rate": ("Clonic spasms", "Those shorter than one second"),
    "tonic_rate": ("Tonic spasms", "Those of one second or longer"),
    "burden": ("Time in spasm", "Share of the observed time"),
    "spasm_duration": ("Duration of a spasm", "From onset to end"),
    "amplitude": ("Strength of a spasm", "Largest movement of any muscle, at its peak"),
    "eye_closed": ("Eye more than half closed", "Share of the observed time, blinks included"),
    "eye_closure": ("Closure of the eye", "Share of the eye's own opening"),
    "mouth_pull": ("Pull of the corner of the mouth", "At the peak of a spasm"),
    "spread": ("Spread", "Regions of the face involved"),
    "synchrony": ("Synchrony", "How closely the muscles of one side contract together"),
    "other_babinski": ("Other Babinski sign", "Brow rises while the eye closes"),
    "mouth_with_blink": ("Mouth moves with a blink", "Of that side, outside spasms"),
    "eye_with_smile": ("Eye closes with a smile", "Of that side, outside spasms"),
    "long_closures": ("Long closures of both eyes", "More than half closed for 0.5 s or longer"),
    "both_eyes_shut": ("Both eyes more than half closed", "Share of the time, blinks included"),
    "locked_spasms": ("Spasms with a blink or smile", "That begin within 0.15 s of it"),
    "blink_rate": ("Blinks", "Of both eyes, never counted as spasms"),
    "blink_completeness": ("Completeness of blinks", "How far the eye shuts in a blink"),
    "resting_asymmetry": ("Asymmetry at rest", "Of the opening of the eyes, between spasms"),
}
"""Label and one line of explanation per measure; an unknown name is shown as it is written."""

UNITS = {
    "1/min": "a minute",
    "/min": "a minute",
    "per_min": "a minute",
    "per minute": "a minute",
    "%": "%",
    "percent": "%",
    "fraction": "of full closure",
    "deg": "°",
    "1": "",
    "": "",
}

TASKS = {
    "rest": "at rest", "speak": "speaking", "read": "reading aloud", "sing": "singing",
    "eye_closure": "closing the eyes", "smile": "smiling", "brow_raise": "raising the brows",
    "pucker": "puckering the lips", "head_turn": "turning the head",
    "guided": "one task after the other",
}  # fmt: skip

QUALITY = {
    "observed": "{observed} of {duration} could be observed ({share}\u202f%).",
    "all_observed": "All {duration} could be observed.",
    "face": "The face is {px} pixels wide between the outer corners of the eyes.",
    "unseen": "Not observed: {spans}.",
    "no_warnings": "Nothing stood in the way of measuring.",
    "more_spans": "and {count} more",
    "mirrored": "The picture was taken as a mirror image; left and right are the person's own.",
    "not_mirrored": "The picture was taken as not mirrored; left and right are the person's own.",
    "mirror_unknown": "Nobody said whether the picture is a mirror image; it was taken as not "
    "mirrored. If it is a mirrored selfie, left and right are exchanged here.",
}

PAGE = {
    "title": "Facial spasm measured: {name}",
    "skip": "Skip to the answer",
    "brand": "hemiface",
    "answer": "The answer",
    "key_numbers": "Key numbers",
    "film": "See it",
    "film_hint": "Choose a spasm in the timeline or in the table to see it. Play it slowly: most "
    "spasms are over in a fraction of a second.",
    "film_caption": "The recording, without sound.",
    "no_video": "The recording itself is not part of this page.",
    "strip": "When the spasms happened",
    "strip_alt": "{spasms} spasms and {blinks} blinks, one row a minute.",
    "where": "Where in the face",
    "where_note": "The deeper the colour, the more often the muscle took part in the spasms of its "
    "side. Left and right are the person's own, so their left is on your right. Beside the share "
    "stands the mean contraction at the peak.",
    "where_none": "No muscle took part in a spasm.",
    "muscle": "Muscle",
    "left": "Left",
    "right": "Right",
    "share_peak": "{share}\u202f% of {count}, {peak}",
    "not_involved": "none",
    "measures": "Measures",
    "measures_caption": "All measures, with the 95\u202f% interval where there is one",
    "tasks": "Task by task",
    "tasks_caption": "Spasms while each was done; a dash where less than five seconds were seen",
    "task_rate": "Spasms a minute",
    "task_burden": "Time in spasm",
    "task_observed": "Observed",
    "measure": "Measure",
    "side": "Side",
    "value": "Value",
    "interval": "95\u202f% interval",
    "range": "{low} to {high}",
    "n": "From",
    "unknown": "not known",
    "spasms": "Spasms",
    "spasms_caption": "All {count} spasms in order of onset",
    "no_spasms": "No spasm was found.",
    "show": "See",
    "show_label": "See the spasm at {time}",
    "onset": "Onset",
    "duration": "Duration",
    "kind": "Kind",
    "amplitude": "Strength",
    "muscles": "Muscles, in order",
    "cut": "cut off",
    "cut_title": "Its beginning or end could not be seen",
    "quality": "What could be seen",
    "how": "How it was measured",
    "how_text": "Landmarks found each muscle in every frame, and the movement of the skin there "
    "was followed between frames. Movement of both sides together, such as blinks, smiles and "
    "speech, was set aside; what one side did beyond the other, and above the noise of the "
    "measurement, is called a spasm. Millimetres come from the size of the eye.",
    "how_points": "Landmarks of the face were sent, and no picture. What one side of them did "
    "beyond the other, and above the noise, is called a spasm. Landmarks follow a one-sided "
    "movement about half of the way, so that small spasms, and many of the eye alone, are missed; "
    "the lines of the face are drawn from them. Millimetres come from the size of the eye.",
    "settings": "Settings",
    "notice": "hemiface is not a certified medical device. It measures and explains; it does not "
    "diagnose, and what it finds is for a doctor to judge. Its accuracy was tested on simulated "
    "spasms, which proves the software, not the medicine.",
    "file": "File",
    "task": "Task",
    "recorded": "Recorded",
    "length": "Length",
    "rate": "Frame rate",
    "size": "Picture",
    "version": "Version",
    "model": "Model SHA-256",
    "hash": "File SHA-256",
    "n_frames": "{count} frames",
}

FACE = {
    "title": "Face map",
    "person_left": "Left",
    "person_right": "Right",
    "own": "the person's own",
    "muscle_label": "{muscle}, {side}: {text}",
    "hint": "Point at a muscle, or choose it, to read its numbers.",
    "took_part": "in {share}\u202f% of {count} spasms",
    "took_part_one": "in the only spasm",
    "peak": ", {peak} at the peak on average",
    "none": "in no spasm",
}

PLAYER = {
    "label": "Recording and timeline",
    "play": "Play",
    "pause": "Pause",
    "previous": "Previous spasm",
    "next": "Next spasm",
    "back": "One frame back",
    "forward": "One frame forward",
    "speed": "Speed",
    "overview": "Whole recording",
    "position": "Position",
    "zoomIn": "Closer",
    "zoomOut": "Wider",
    "all": "All muscles",
    "spasm": "Spasm",
    "blink": "Blink",
    "unseen": "Not observed",
    "affectedSide": "{side} side, affected",
    "plainSide": "{side} side",
    "upwards": "upwards",
    "downwards": "downwards",
    "clonic": "clonic",
    "tonic": "tonic",
    "left": "left",
    "right": "right",
    "of": "of",
    "seconds": "seconds",
    "keys": "Space plays, arrows move, comma and full stop step one frame, N and P choose a spasm.",
    "failed": "The measurement could not be read.",
}
