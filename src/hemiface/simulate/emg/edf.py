"""Write an EMG as EDF+, with its true spasms as annotations."""

from pathlib import Path

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.emg.recording import Emg
from hemiface.types import Channel, Floats
from hemiface.whole import written_whole

ABBREVIATIONS: dict[str, str] = {
    "frontalis": "Fro",
    "corrugator": "Cor",
    "orbicularis_oculi": "OOc",
    "nasalis": "Nas",
    "levator_labii": "LLS",
    "zygomaticus": "Zyg",
    "orbicularis_oris": "OOr",
    "depressor_anguli_oris": "DAO",
    "mentalis": "Men",
    "platysma": "Pla",
}
"""Short names of the muscles, for labels of at most 16 characters."""

_RECORDS_S = (1.0, 0.5, 0.1, 0.05, 0.01)
_STEP_UV = 100.0  # physical ranges are round numbers


def edf_label(channel: Channel) -> str:
    """Return the EDF+ label of a channel: the type of signal, a space, and where it is."""
    return f"EMG {ABBREVIATIONS[channel.muscle]}-{channel.side[0].upper()}"


def check_edf(path: Path) -> None:
    """Refuse a name that is not EDF's.

    Raises
    ------
    ConventionError
        If it does not end in .edf.
    """
    if path.suffix.lower() != ".edf":
        raise ConventionError(f"A simulated EMG must end in .edf; got {path.name}. Rename it.")


def write_edf(emg: Emg, path: Path, *, patient_code: str = "X") -> None:
    """Write an EMG as EDF+, continuous, 16 bits, without name, birthdate or date of recording.

    Every channel's physical range holds all its values. The annotations are the true spasms, with
    texts such as "spasm left clonic"; blinks and voluntary acts are annotated too.

    Parameters
    ----------
    emg : Emg
        The recording.
    path : Path
        Where to; .edf. It appears only when it is whole.
    patient_code : str
        Code of the virtual patient; "X" for none.

    Raises
    ------
    ConventionError
        If the name does not end in .edf, the code is no plain word, or the length is no multiple of
        10 ms: EDF+ is made of equal records.
    OutputError
        If the file cannot be written.
    """
    check_edf(path)
    if not (patient_code.isascii() and patient_code.isprintable() and " " not in patient_code):
        raise ConventionError(
            f"A patient code must be one plain word; got {patient_code!r}. Choose another."
        )
    _record_s(emg)
    with written_whole(path) as part:
        _write(emg, part, patient_code)


def _write(emg: Emg, path: Path, patient_code: str) -> None:
    import edfio

    signals = [
        edfio.EdfSignal(
            values,
            sampling_frequency=emg.rate_hz,
            label=edf_label(channel),
            transducer_type="simulated surface electrodes",
            physical_dimension="uV",
            physical_range=_range_uv(values),
            prefiltering="none",
        )
        for channel, values in zip(emg.channels, emg.values_uv, strict=True)
    ]
    notes = [
        *((one.onset_s, one.duration_s, f"spasm {one.side} {one.kind}") for one in emg.spasms),
        *((one.onset_s, one.duration_s, "blink") for one in emg.blinks),
        *((one.start_s, one.duration_s, f"voluntary {one.kind}") for one in emg.acts),
    ]
    edfio.Edf(
        signals,
        patient=edfio.Patient(code=patient_code),
        recording=edfio.Recording(equipment_code="hemiface-simulator"),
        data_record_duration=_record_s(emg),
        annotations=[edfio.EdfAnnotation(*note) for note in sorted(notes)],
    ).write(path)


def _record_s(emg: Emg) -> float:
    """Return the longest record, up to a second, that fills the recording."""
    for record_s in _RECORDS_S:
        samples = record_s * emg.rate_hz
        if samples.is_integer() and emg.values_uv.shape[1] % samples == 0:
            return record_s
    raise ConventionError(
        f"An EMG for EDF+ must last a multiple of 10 ms that holds whole samples; got "
        f"{emg.duration_s:g} s at {emg.rate_hz:g} Hz. Choose whole seconds."
    )


def _range_uv(values: Floats) -> tuple[float, float]:
    most = float(np.ceil(np.abs(values).max() / _STEP_UV) * _STEP_UV)
    return -max(most, _STEP_UV), max(most, _STEP_UV)
