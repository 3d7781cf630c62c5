"""Virtual patients on EMG: bursts as published, one side, told truly, and written as EDF+."""

import itertools
from pathlib import Path

import edfio
import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d
from scipy.signal import welch

from hemiface.cli.emg import emg as emg_command
from hemiface.errors import ConventionError, OutputError
from hemiface.simulate.emg.bursts import BURST_S, SPIKE_HZ
from hemiface.simulate.emg.edf import edf_label, write_edf
from hemiface.simulate.emg.pickup import ACROSS_SHARE, CLEAN, NEIGHBOUR_SHARE, Pickup
from hemiface.simulate.emg.recording import Emg, channels_of, simulate_emg, unseen_build
from hemiface.simulate.emg.sources import ACTS, ELECTRODES, SPREAD_S, Act
from hemiface.simulate.people.envelopes import Envelope, draw_plateau, draw_train, draw_twitch
from hemiface.simulate.people.schedule import Contraction, Schedule
from hemiface.types import Blink, Channel, Floats, Side

DURATION_S = 20.0
MUSCLES = ("orbicularis_oculi_lower", "orbicularis_oris")
NOTHING = Schedule((), unseen_build())


def spasm(shape: Envelope, onset_s: float, side: Side = "left", mm: float = 1.0) -> Contraction:
    return Contraction(shape.starting_at(onset_s), side, MUSCLES, (mm, mm), (0.0, 0.0))


def schedule(seed: int = 0, side: Side = "left", mm: float = 1.0) -> Schedule:
    """Three twitches, three clonic runs and a tonic spasm."""
    rng = np.random.default_rng(seed)
    shapes = [draw_twitch(rng, 0.12) for _ in range(3)]
    shapes += [draw_train(rng, 0.8) for _ in range(3)] + [draw_plateau(rng, 3.0)]
    spasms = [spasm(shape, 1.0 + 2.0 * i, side, mm) for i, shape in enumerate(shapes)]
    return Schedule(tuple(spasms), unseen_build())


def clean(seed: int = 0, pickup: Pickup = CLEAN) -> Emg:
    return simulate_emg(schedule(seed), seed=seed, duration_s=DURATION_S, pickup=pickup)


def within(emg: Emg, start_s: float, end_s: float) -> slice:
    return slice(round(start_s * emg.rate_hz), round(end_s * emg.rate_hz))


def rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def test_same_seed_same_bytes_and_another_seed_others() -> None:
    one, same = (
        simulate_emg(schedule(), seed=4, duration_s=5.0).values_uv.tobytes() for _ in range(2)
    )
    assert one == same
    assert one != simulate_emg(schedule(), seed=5, duration_s=5.0).values_uv.tobytes()


def test_a_muscle_discharges_the_same_whatever_else_is_recorded() -> None:
    alone = simulate_emg(
        schedule(), seed=1, duration_s=5.0, pickup=CLEAN,
        channels=[Channel("orbicularis_oris", "left", "uV")],
    )  # fmt: skip
    among = simulate_emg(schedule(), seed=1, duration_s=5.0, pickup=CLEAN)
    np.testing.assert_array_equal(
        alone.row("orbicularis_oris", "left"), among.row("orbicularis_oris", "left")
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
@example(469)
def test_bursts_of_clonic_spasms_are_5_to_80_ms_and_tonic_ones_fuse(seed: int) -> None:
    emg = clean(seed)
    bursts = emg.bursts_of("orbicularis_oculi", "left")
    tonic = next(one for one in emg.spasms if one.kind == "tonic")
    for burst in bursts:
        if burst.onset_s > tonic.onset_s - 0.001:
            assert burst.duration_s > 1.5  # one burst over most of the 3 s
        else:
            assert BURST_S[0] <= burst.duration_s <= BURST_S[1] + 0.002
    gaps = [later.onset_s - one.end_s for one, later in itertools.pairwise(bursts)]
    assert min(gaps) > 0.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_volleys_within_a_burst_come_at_250_to_350_hz(seed: int) -> None:
    for burst in clean(seed).bursts_of("orbicularis_oculi", "left"):
        per_s = (len(burst.volleys_s) - 1) / burst.duration_s
        assert SPIKE_HZ[0] <= per_s <= SPIKE_HZ[1]
        assert burst.onset_s == burst.volleys_s[0]
        assert burst.end_s == pytest.approx(burst.volleys_s[-1])


def test_a_run_holds_5_to_20_bursts_a_second() -> None:
    runs = [spasm(draw_train(np.random.default_rng(i), 0.9), 2.0 * i + 1.0) for i in range(9)]
    emg = simulate_emg(Schedule(tuple(runs), unseen_build()), seed=0, duration_s=DURATION_S)
    onsets = np.array([burst.onset_s for burst in emg.bursts_of("orbicularis_oculi", "left")])
    for event in emg.spasms:
        inside = (onsets >= event.onset_s - 0.001) & (onsets < event.end_s)
        assert 5.0 <= inside.sum() / event.duration_s <= 20.0


def test_energy_lies_between_20_and_450_hz() -> None:
    hz, power = welch(clean().row("orbicularis_oculi", "left"), 2000.0, nperseg=2048)
    assert power[(hz >= 20) & (hz <= 450)].sum() > 0.9 * power.sum()


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_a_mains_line_is_there_only_if_asked(mains_hz: float) -> None:
    def line(emg: Emg) -> float:
        hz, power = welch(emg.row("frontalis", "right"), emg.rate_hz, nperseg=4000)
        beside = np.median(power[(np.abs(hz - mains_hz) > 2) & (np.abs(hz - mains_hz) < 8)])
        return float(power[np.argmin(np.abs(hz - mains_hz))] / beside)

    quiet, humming = (
        simulate_emg(NOTHING, seed=2, duration_s=10.0, pickup=Pickup(mains_hz=hz))
        for hz in (0.0, mains_hz)
    )
    assert line(humming) > 100.0
    assert line(quiet) < 5.0


def test_the_envelope_rises_within_5_ms_of_every_true_burst() -> None:
    emg = clean(3, Pickup(drift_uv=0.0, jolts_per_min=0.0))
    envelope = gaussian_filter1d(np.abs(emg.row("orbicularis_oculi", "left")), 0.001 * 2000)
    bursts = [b for b in emg.bursts_of("orbicularis_oculi", "left") if b.duration_s > 0.01]
    assert len(bursts) > 10
    for before, burst in itertools.pairwise(bursts):
        if burst.onset_s - before.end_s < 0.015:  # the last volley of one hides the next
            continue
        near = envelope[within(emg, burst.onset_s - 0.008, burst.onset_s + 0.012)]
        rise = int(np.argmax(near > 0.3 * near.max())) / emg.rate_hz - 0.008
        assert abs(rise) <= 0.005


def test_the_first_burst_comes_with_or_just_before_the_visible_onset() -> None:
    seen, fired = schedule(5).events, clean(5).spasms
    assert len(seen) == len(fired)
    for visible, electric in zip(seen, fired, strict=True):
        assert 0.0 <= visible.onset_s - electric.onset_s <= 0.06
        assert electric.end_s <= visible.end_s
        assert (electric.side, electric.kind) == (visible.side, visible.kind)


def test_the_healthy_side_sees_only_cross_talk_at_the_documented_share() -> None:
    silent = clean()
    assert not silent.values_uv[4:].any()
    emg = clean(0, Pickup(0, 0, ecg_uv=0, drift_uv=0, jolts_per_min=0, crosstalk=True))
    for muscle in ("orbicularis_oculi", "orbicularis_oris"):
        left, right = emg.row(muscle, "left"), emg.row(muscle, "right")
        # a neighbour's own share reaches the left only, so the ratio is a little below it
        assert rms(right) == pytest.approx(ACROSS_SHARE[muscle] * rms(left), rel=0.03)
    assert rms(emg.row("frontalis", "left")) == pytest.approx(
        NEIGHBOUR_SHARE * rms(emg.row("orbicularis_oculi", "left")), rel=0.03
    )


def test_eye_and_mouth_of_one_side_fire_together() -> None:
    emg = clean(7)
    eye, mouth = (emg.bursts_of(m, "left") for m in ("orbicularis_oculi", "orbicularis_oris"))
    late = {round(m.onset_s - e.onset_s, 9) for e, m in zip(eye, mouth, strict=True)}
    assert len(late) == 1
    assert abs(late.pop()) <= SPREAD_S
    envelopes = [
        gaussian_filter1d(np.abs(emg.row(m, "left")), 10)
        for m in ("orbicularis_oculi", "orbicularis_oris")
    ]
    assert np.corrcoef(*envelopes)[0, 1] > 0.9


@settings(max_examples=10, deadline=None)
@given(st.floats(0.2, 2.0))
def test_amplitude_follows_drive(mm: float) -> None:
    whole, part = (
        simulate_emg(schedule(mm=drive), seed=1, duration_s=5.0, pickup=CLEAN)
        for drive in (2.0, mm)
    )
    np.testing.assert_allclose(part.values_uv, whole.values_uv * mm / 2.0, atol=1e-9)


def test_amplitudes_are_tens_to_hundreds_of_microvolts() -> None:
    assert 30.0 < np.abs(clean().values_uv).max() < 1500.0
    assert 0.5 < rms(simulate_emg(NOTHING, seed=1, duration_s=5.0).values_uv) < 15.0


def test_sides_swap_with_the_side_of_the_spasms() -> None:
    right = simulate_emg(schedule(side="right"), seed=0, duration_s=DURATION_S, pickup=CLEAN)
    assert not right.values_uv[:4].any()
    assert right.values_uv[4:].any()
    assert {one.side for one in right.spasms} == {"right"}


def test_a_blink_is_seen_in_both_eyes_and_nowhere_else() -> None:
    blink = Blink(2.0, 0.3, 1.0, 0.5)
    emg = simulate_emg(NOTHING, seed=1, duration_s=4.0, blinks=[blink], pickup=CLEAN)
    left, right = (emg.row("orbicularis_oculi", s) for s in ("left", "right"))
    assert rms(left) > 1.5 * rms(right) > 0.0
    assert not left[within(emg, 2.2, 4.0)].any()
    assert not emg.row("frontalis", "left").any()


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_a_voluntary_act_moves_its_muscles_on_both_sides_while_it_lasts(kind: str) -> None:
    act = next(Act(k, 1.0, 2.0) for k in ACTS if k == kind)
    emg = simulate_emg(
        NOTHING, seed=1, duration_s=4.0, acts=[act], pickup=CLEAN, channels=channels_of(ELECTRODES)
    )
    for channel, values in zip(emg.channels, emg.values_uv, strict=True):
        assert values.any() == (channel.muscle in ACTS[act.kind])
        assert not values[within(emg, 3.0, 4.0)].any()
    assert emg.acts == (act,)
    assert emg.spasms == ()


def test_a_spasm_at_the_end_is_cut_and_a_later_one_left_out() -> None:
    long = draw_plateau(np.random.default_rng(0), 3.0)
    both = Schedule((spasm(long, 3.0), spasm(long, 8.0)), unseen_build())
    emg = simulate_emg(both, seed=0, duration_s=4.0)
    assert [one.cut_end for one in emg.spasms] == [True]
    assert emg.spasms[0].end_s == pytest.approx(4.0, abs=1e-3)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"rate_hz": 100.0}, "rate"),
        ({"duration_s": 0.5}, "duration"),
        ({"duration_s": float("nan")}, "duration"),
        ({"channels": []}, "at least one"),
        ({"channels": [Channel("masseter", "left", "uV")]}, "masseter"),
        ({"pickup": Pickup(mains_hz=55.0)}, "mains"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ConventionError, match=named):
        simulate_emg(**{"schedule": NOTHING, "seed": 1, "duration_s": 2.0} | wrong)  # type: ignore[arg-type]


def test_edf_comes_back_within_its_digital_resolution(tmp_path: Path) -> None:
    path, acts = tmp_path / "a.edf", [Act("smile", 16.0, 2.0)]
    emg = simulate_emg(
        schedule(), seed=1, duration_s=DURATION_S, blinks=[Blink(0.2, 0.2, 1, 1)], acts=acts
    )
    write_edf(emg, path, patient_code="virtual-1")
    read = edfio.read_edf(path)
    assert read.labels[:2] == ("EMG Fro-L", "EMG OOc-L")
    assert read.labels == tuple(edf_label(channel) for channel in emg.channels)
    for signal, values in zip(read.signals, emg.values_uv, strict=True):
        step = (signal.physical_max - signal.physical_min) / 65535
        np.testing.assert_allclose(signal.data, values, atol=0.51 * step)
        assert np.abs(values).max() < signal.physical_max
        assert (signal.sampling_frequency, signal.physical_dimension) == (2000.0, "uV")
    found = [(a.onset, a.duration, a.text) for a in read.annotations if "spasm" in a.text]
    assert found == [(e.onset_s, e.duration_s, f"spasm {e.side} {e.kind}") for e in emg.spasms]
    assert {a.text for a in read.annotations} >= {"blink", "voluntary smile"}


def test_edf_names_nobody(tmp_path: Path) -> None:
    write_edf(clean(), tmp_path / "a.edf", patient_code="virtual-1")
    read = edfio.read_edf(tmp_path / "a.edf")
    assert read.patient.code == "virtual-1"
    assert (read.patient.name, read.patient.sex) == ("X", "X")
    assert read.local_patient_identification == "virtual-1 X X X"
    assert "Startdate X" in read.local_recording_identification


@pytest.mark.parametrize(("duration_s", "rate_hz"), [(2.34, 2000.0), (3.0, 1024.0), (1.5, 4000.0)])
def test_edf_keeps_any_length_and_rate(tmp_path: Path, duration_s: float, rate_hz: float) -> None:
    emg = simulate_emg(NOTHING, seed=1, duration_s=duration_s, rate_hz=rate_hz)
    write_edf(emg, tmp_path / "a.edf")
    read = edfio.read_edf(tmp_path / "a.edf")
    assert len(read.signals[0].data) == emg.values_uv.shape[1]
    assert read.duration == pytest.approx(emg.duration_s)


def test_the_same_emg_makes_the_same_file(tmp_path: Path) -> None:
    for name in ("a.edf", "b.edf"):
        write_edf(clean(), tmp_path / name)
    assert (tmp_path / "a.edf").read_bytes() == (tmp_path / "b.edf").read_bytes()


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    emg = simulate_emg(NOTHING, seed=1, duration_s=2.0)
    with pytest.raises(OutputError, match=r"missing"):
        write_edf(emg, tmp_path / "missing" / "a.edf")
    with pytest.raises(ConventionError, match=r"\.edf"):
        write_edf(emg, tmp_path / "a.bdf")
    with pytest.raises(ConventionError, match="patient code"):
        write_edf(emg, tmp_path / "a.edf", patient_code="Ada Lovelace")
    with pytest.raises(ConventionError, match="10 ms"):
        write_edf(simulate_emg(NOTHING, seed=1, duration_s=2.3456), tmp_path / "a.edf")
    (tmp_path / "taken.edf").mkdir()
    with pytest.raises(OutputError, match="taken"):
        write_edf(emg, tmp_path / "taken.edf")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.edf"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(emg_command, list(arguments))


def test_the_command_writes_a_patient_and_says_what_happened(tmp_path: Path) -> None:
    out = str(tmp_path / "a.edf")
    done = run(out, "--seed", "3", "--side", "right", "--duration", "30", "--mains", "50")
    assert done.exit_code == 0, done.output
    read = edfio.read_edf(out)
    spasms = [a for a in read.annotations if "spasm" in a.text]
    assert f"{len(spasms)} spasms in 30.0 s, 8 channels" in done.output
    assert {a.text.split()[1] for a in spasms} == {"right"}
    assert read.patient.code == "virtual-3"


def test_the_command_makes_a_healthy_person_too(tmp_path: Path) -> None:
    done = run(str(tmp_path / "a.edf"), "--seed", "1", "--side", "none", "--duration", "10")
    assert "0 spasms" in done.output


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (["a.csv"], ".edf"),
        (["a.edf", "--rate", "10"], "rate"),
        (["a.edf", "--duration", "0"], "duration"),
    ],
)
def test_the_command_refuses_what_cannot_be(wrong: list[str], named: str, tmp_path: Path) -> None:
    done = run(str(tmp_path / wrong[0]), "--seed", "1", *wrong[1:])
    assert isinstance(done.exception, ConventionError)
    assert named in str(done.exception)
    assert not list(tmp_path.iterdir())
