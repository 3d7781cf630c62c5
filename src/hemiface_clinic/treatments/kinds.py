"""What can be written down, and the closed lists it is chosen from.

The lists only name things, so that they are written the same way each time. What is in them is our
choice; what is missing is written in the person's own words under "other".
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

OTHER = "other"


class Kind(TextChoices):
    """The modalities of treatment, and the side effect."""

    MEDICINE = "medicine", _("Medicine")
    INJECTION = "injection", _("Botulinum toxin")
    OPERATION = "operation", _("Operation")
    PHYSICAL = "physical", _("Physical therapy")
    NUTRITION = "nutrition", _("Nutrition")
    COMPLEMENTARY = "complementary", _("Complementary treatment")
    SIDE_EFFECT = "side_effect", _("Side effect")


TREATMENTS = tuple(kind for kind in Kind if kind != Kind.SIDE_EFFECT)


class Reporter(TextChoices):
    """Who says so."""

    PATIENT = "patient", _("the patient")
    CLINICIAN = "clinician", _("the clinic")


class Side(TextChoices):
    """A side of the face: always the person's own."""

    LEFT = "left", _("left")
    RIGHT = "right", _("right")


class Taken(TextChoices):
    """Whether a medicine is taken as agreed."""

    YES = "yes", _("taken")
    NO = "no", _("not taken")


class Physical(TextChoices):
    """Physical therapies."""

    ELECTRICAL_STIMULATION = "electrical_stimulation", _("Electrical stimulation")
    MASSAGE = "massage", _("Massage")
    EXERCISES = "exercises", _("Exercises")
    RELAXATION = "relaxation", _("Relaxation")
    OTHER = OTHER, _("Other")


class Nutrient(TextChoices):
    """Vitamins and minerals."""

    MAGNESIUM = "magnesium", _("Magnesium")
    CALCIUM = "calcium", _("Calcium")
    POTASSIUM = "potassium", _("Potassium")
    IRON = "iron", _("Iron")
    ZINC = "zinc", _("Zinc")
    VITAMIN_B1 = "vitamin_b1", _("Vitamin B1")
    VITAMIN_B6 = "vitamin_b6", _("Vitamin B6")
    VITAMIN_B12 = "vitamin_b12", _("Vitamin B12 (also mecobalamin)")
    VITAMIN_D = "vitamin_d", _("Vitamin D")
    OTHER = OTHER, _("Other")


class AmountUnit(TextChoices):
    """Units of vitamins and minerals."""

    MICROGRAM = "µg", _("µg (microgram)")
    MILLIGRAM = "mg", _("mg (milligram)")
    GRAM = "g", _("g (gram)")
    MILLIMOLE = "mmol", _("mmol (millimole)")
    INTERNATIONAL = "IU", _("IU (international units)")


class Complementary(TextChoices):
    """Complementary treatments."""

    ACUPUNCTURE = "acupuncture", _("Acupuncture")
    AYURVEDA = "ayurveda", _("Ayurveda")
    HERBS = "herbs", _("Herbs")
    HOMOEOPATHY = "homoeopathy", _("Homoeopathy")
    CHIROPRACTIC = "chiropractic", _("Chiropractic")
    YOGA = "yoga", _("Yoga")
    MEDITATION = "meditation", _("Meditation")
    OTHER = OTHER, _("Other")


class Procedure(TextChoices):
    """Operations for the spasm."""

    MICROVASCULAR_DECOMPRESSION = "microvascular_decompression", _("Microvascular decompression")
    OTHER = OTHER, _("Other")


class Approach(TextChoices):
    """Ways to the nerve."""

    RETROSIGMOID = "retrosigmoid", _("Retrosigmoid")
    RETROSIGMOID_ENDOSCOPIC = "retrosigmoid_endoscopic", _("Retrosigmoid, endoscopic")
    OTHER = OTHER, _("Other")


class Vessel(TextChoices):
    """Vessels found on the nerve."""

    AICA = "AICA", _("AICA (anterior inferior cerebellar artery)")
    PICA = "PICA", _("PICA (posterior inferior cerebellar artery)")
    VA = "VA", _("VA (vertebral artery)")
    BA = "BA", _("BA (basilar artery)")
    VEIN = "vein", _("Vein")
    OTHER = OTHER, _("Another vessel")


class Segment(TextChoices):
    """Where on the nerve, from the brainstem outwards."""

    ROOT_EXIT_POINT = "root_exit_point", _("Root exit point")
    ATTACHED_SEGMENT = "attached_segment", _("Attached segment")
    ROOT_DETACHMENT_POINT = "root_detachment_point", _("Root detachment point")
    TRANSITION_ZONE = "transition_zone", _("Transition zone")
    CISTERNAL = "distal_cisternal", _("Distal cisternal portion")


class Implant(TextChoices):
    """What was put between vessel and nerve."""

    TEFLON = "Teflon", _("Teflon")
    SLING = "sling", _("Sling")
    NONE = "none", _("Nothing")
    OTHER = OTHER, _("Other")


class SpreadResponse(TextChoices):
    """The lateral spread response at the end of the operation."""

    GONE = "gone", _("gone")
    SMALLER = "smaller", _("smaller")
    UNCHANGED = "unchanged", _("unchanged")
    NOT_SEEN = "not seen", _("not seen")
    NOT_MONITORED = "not monitored", _("not monitored")


class Complication(TextChoices):
    """What went wrong during an operation or right after it."""

    FACIAL_PALSY = "facial_palsy", _("Facial palsy")
    HEARING_LOSS = "hearing_loss", _("Hearing loss")
    CSF_LEAK = "csf_leak", _("Leak of brain fluid")
    INFECTION = "infection", _("Infection")
    BLEEDING = "bleeding", _("Bleeding")
    STROKE = "stroke", _("Stroke")
    OTHER = OTHER, _("Other, see the notes")


class Degree(TextChoices):
    """How bad a side effect is."""

    MILD = "1", _("mild")
    MODERATE = "2", _("moderate")
    SEVERE = "3", _("severe")


class Effect(TextChoices):
    """Side effects."""

    PTOSIS = "ptosis", _("Drooping lid")
    LAGOPHTHALMOS = "lagophthalmos", _("Eye does not shut fully")
    DRY_EYE = "dry_eye", _("Dry eye")
    WATERY_EYE = "watery_eye", _("Watery eye")
    DOUBLE_VISION = "double_vision", _("Double vision")
    MOUTH_DROOP = "mouth_droop", _("Drooping corner of the mouth")
    FACIAL_WEAKNESS = "facial_weakness", _("Weak face")
    FACIAL_PALSY = "facial_palsy", _("Facial palsy")
    BRUISE = "bruise", _("Bruise")
    PAIN = "pain", _("Pain")
    SWALLOWING = "trouble_swallowing", _("Trouble swallowing")
    BREATHING = "trouble_breathing", _("Trouble breathing")
    SLEEPINESS = "sleepiness", _("Sleepiness")
    DIZZINESS = "dizziness", _("Dizziness")
    UNSTEADINESS = "unsteadiness", _("Unsteadiness")
    WEAKNESS = "weakness", _("Weakness")
    RASH = "rash", _("Rash")
    FEVER = "fever", _("Fever")
    NAUSEA = "nausea", _("Nausea")
    DIARRHOEA = "diarrhoea", _("Diarrhoea")
    HEARING_LOSS = "hearing_loss", _("Hearing loss")
    TINNITUS = "tinnitus", _("Ringing in the ear")
    CSF_LEAK = "csf_leak", _("Leak of brain fluid")
    INFECTION = "infection", _("Infection")
    HEADACHE = "headache", _("Headache")
    STROKE = "stroke", _("Stroke")
    SKIN_IRRITATION = "skin_irritation", _("Irritated skin")
    MORE_SPASMS = "more_spasms", _("More spasms")
    OTHER = OTHER, _("Other")


_E = Effect
EFFECTS_AFTER: dict[str, tuple[Effect, ...]] = {
    Kind.INJECTION: (
        _E.PTOSIS, _E.LAGOPHTHALMOS, _E.DRY_EYE, _E.WATERY_EYE, _E.DOUBLE_VISION, _E.MOUTH_DROOP,
        _E.FACIAL_WEAKNESS, _E.BRUISE, _E.PAIN, _E.HEADACHE, _E.SWALLOWING, _E.BREATHING, _E.OTHER,
    ),
    Kind.MEDICINE: (
        _E.SLEEPINESS, _E.DIZZINESS, _E.UNSTEADINESS, _E.WEAKNESS, _E.DOUBLE_VISION, _E.NAUSEA,
        _E.HEADACHE, _E.RASH, _E.FEVER, _E.BREATHING, _E.OTHER,
    ),
    Kind.OPERATION: (
        _E.FACIAL_PALSY, _E.LAGOPHTHALMOS, _E.HEARING_LOSS, _E.TINNITUS, _E.DIZZINESS,
        _E.UNSTEADINESS, _E.DOUBLE_VISION, _E.SWALLOWING, _E.CSF_LEAK, _E.INFECTION, _E.FEVER,
        _E.HEADACHE, _E.PAIN, _E.STROKE, _E.OTHER,
    ),
    Kind.PHYSICAL: (_E.SKIN_IRRITATION, _E.PAIN, _E.MORE_SPASMS, _E.HEADACHE, _E.OTHER),
    Kind.NUTRITION: (_E.NAUSEA, _E.DIARRHOEA, _E.SLEEPINESS, _E.WEAKNESS, _E.RASH, _E.OTHER),
    Kind.COMPLEMENTARY: (
        _E.PAIN, _E.BRUISE, _E.SKIN_IRRITATION, _E.MORE_SPASMS, _E.NAUSEA, _E.DIZZINESS, _E.RASH,
        _E.OTHER,
    ),
}  # fmt: skip
"""The side effects offered after each kind of treatment; our choice."""
