"""Codecs and flow decoders by name from training to the table, on tiny data."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine import LimberError
from motion_engine.codecs.configuration import CODECS, FlowConfig
from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.prq import PRQ
from training import codec_table, train_codec, train_flow
from training.codec_claims import CLAIMS, judged
from training.codec_report import claims_table
from training.codec_runs import check_name, load_run
from training.corpus import make_clip, make_corpus
from training.curves import draw_curves, read_log
from training.run import Schedule, load_checkpoint

pytestmark = pytest.mark.torch
TINY_FLOW = FlowConfig(width=16, coarse_blocks=2, blocks=1, heads=2, history=2, steps=2)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A prepared folder of two clips (one held out) and a corpus of two."""
    root = tmp_path_factory.mktemp("codecs")
    index = []
    for number in range(2):
        name = f"cmu_motionbuilder/0{number}_01"
        path = root / "mocap" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        make_clip(number, seed=9).motion.save(path)
        index.append({"clip": name, "family": "cmu_motionbuilder", "description": "stand",
                      "held_out": number == 1})  # fmt: skip
    (root / "mocap" / "index.json").write_text(json.dumps(index))
    make_corpus(root / "corpus", clips=2, workers=1)
    return root


@pytest.fixture(scope="module", autouse=True)
def tiny_flow():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(train_flow.FLOWS, "small", TINY_FLOW)
        patch.setattr(codec_table, "SPEED_THREADS", 1)
        patch.setattr(codec_table, "SPEED_TOKEN_FRAMES", 4)
        yield


def data_options(root, out, steps):
    return ["--mocap", str(root / "mocap"), "--corpus", str(root / "corpus"), "--batch", "4",
            "--frames", "32", "--out", str(root / "runs" / out), "--steps", str(steps)]  # fmt: skip


def codec_options(root, name, steps=2):
    given = data_options(root, name, steps)
    return [*given, "--codec", name, "--width", "16", "--shortest-frames", "8", "--mask-hands"]


@pytest.fixture(scope="module")
def runs(root):
    """Trained runs: PRQ of five parts, FSQ, and a flow decoder on the former."""
    for name in ("prq_five", "fsq"):
        assert train_codec.main(codec_options(root, name)) == 0
    given = data_options(root, "prq_five+flow", 2)
    codec = ["--codec", str(root / "runs" / "prq_five")]
    assert train_flow.main([*given, *codec, "--curves"]) == 0
    return root / "runs"


@pytest.mark.parametrize("name", ["rvq6", "fsq", "lfq2d", "part_aware", "flowvq256"])
def test_every_kind_of_codec_learns(root, name):
    options = train_codec.arguments([*codec_options(root, name), "--width", "64"])
    trainer = train_codec.CodecTrainer(options)
    trainer.schedule = Schedule(5e-3, 1000, 10.0, warmup=2)
    figures = [trainer.step(step, np.random.default_rng(0)) for step in range(40)]
    assert figures[-1]["positions"] < 0.8 * figures[0]["positions"]
    judged = trainer.evaluate()
    assert np.isfinite(judged["mpjpe_mm"]) and 0.0 < judged["codebook_use"] <= 1.0


def test_the_codec_without_a_name_is_the_default_one(root):
    options = train_codec.arguments(data_options(root, "unnamed", 1))
    assert train_codec.codec_config(options) == CODECS["prq"]


def test_random_crops_have_the_length_of_their_batch(root):
    options = train_codec.arguments(codec_options(root, "crops") + ["--codec", "vq512"])
    trainer = train_codec.CodecTrainer(options)
    lengths = {trainer.batch(np.random.default_rng(i)).shape[1] for i in range(40)}
    assert lengths == {8, 12, 16, 20, 24, 28, 32}


def test_a_run_is_what_it_was_trained_as(runs):
    assert isinstance(load_run(runs / "prq_five"), PRQ)
    whole = load_run(runs / "prq_five+flow")
    assert isinstance(whole, FlowCodec) and whole.flow.config == TINY_FLOW
    coarse = load_run(runs / "prq_five").state_dict()
    assert all(torch.equal(weight, coarse[n]) for n, weight in whole.codec.state_dict().items())


def test_training_goes_on_where_it_stopped_and_never_as_another_codec(root, runs):
    assert train_codec.main(codec_options(root, "fsq", steps=3)) == 0
    assert load_checkpoint(runs / "fsq")["step"] == 3
    as_other = [*codec_options(root, "fsq"), "--codec", "lfq1d"]
    assert train_codec.main(as_other) == 2
    part_orders = [*codec_options(root, "orders", 1), "--codec", "part_aware"]
    assert train_codec.main(part_orders) == 0
    # The same shapes throughout, and yet another codec.
    with pytest.raises(LimberError, match="another configuration"):
        train_codec.CodecTrainer(
            train_codec.arguments([*part_orders, "--codec", "part_aware_apart"])
        )


def test_flow_training_goes_on_where_it_stopped(root, runs):
    codec = ["--codec", str(runs / "prq_five")]
    trainer = train_flow.FlowTrainer(
        train_flow.arguments([*data_options(root, "prq_five+flow", 4), *codec])
    )
    assert trainer.first_step == 2
    for group in trainer.flow.groups:
        units = trainer.flow.residual_scale[group]
        assert (units != 1.0).all() and units.min() > 0.2 * units.mean()
    log = [json.loads(line) for line in (runs / "prq_five+flow" / "log.jsonl").open()]
    assert {"mpjpe_mm_coarse", "mpjpe_mm_1_steps", "mpjpe_mm_2_steps"} <= log[-1].keys()


def test_a_flow_learns_and_leaves_its_codec_alone(root, runs):
    given = [*data_options(root, "learns", 100), "--codec", str(runs / "fsq")]
    trainer = train_flow.FlowTrainer(train_flow.arguments(given))
    before = {name: weight.clone() for name, weight in trainer.codec.state_dict().items()}
    trainer.schedule = Schedule(1e-2, 1000, 10.0, warmup=2)
    figures = [trainer.step(i, np.random.default_rng(0)) for i in range(40)]
    assert all(figures[-1][name] < 0.8 * figures[0][name] for name in ("flow", "decoding"))
    assert all(torch.equal(weight, before[n]) for n, weight in trainer.codec.state_dict().items())


def test_an_outlier_does_not_blow_up_the_flows_loss(root, runs):
    given = [*data_options(root, "outlier", 1), "--codec", str(runs / "fsq")]
    trainer = train_flow.FlowTrainer(train_flow.arguments(given))
    trainer.schedule = Schedule(0.0, 1000, 10.0)
    usual = trainer.step(0, np.random.default_rng(0))["flow"]
    coarse, true, known = trainer.pairs(np.random.default_rng(0))
    known = torch.ones_like(known)
    true[0, 0] += 1000.0 * trainer.flow.residual_scale
    trainer.pairs = lambda rng: (coarse, true, known)
    # One of 4 * 32 frames, at most five spreads off and weighted by at most 4 ** 2: 5 ** 2 * 4 ** 2
    # / 128 more at the most, not 1000 ** 2 / 128.
    assert trainer.step(0, np.random.default_rng(0))["flow"] < usual + 3.2


def test_reflow_learns_the_ends_of_the_teachers_ways(root, runs):
    given = [*data_options(root, "prq_five+reflow", 1), "--teacher-steps", "3",
             "--reflow-from", str(runs / "prq_five+flow")]  # fmt: skip
    trainer = train_flow.FlowTrainer(train_flow.arguments(given))
    coarse, true, _ = trainer.pairs(np.random.default_rng(0))
    noise = torch.zeros_like(coarse)
    reached = trainer._reached(noise, coarse, true)
    teacher = load_run(runs / "prq_five+flow")
    teacher.steps = 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("motion_engine.codecs.flow_codec.frame_noise",
                      lambda seed, first, frames, size: np.zeros((frames, size), np.float32))  # fmt: skip
        wanted = (teacher.refine(coarse) - coarse) / teacher.flow.residual_scale
    torch.testing.assert_close(reached, wanted, atol=1e-3, rtol=1e-3)


def test_reflow_needs_a_flow(root, runs, capsys):
    given = [*data_options(root, "none", 1), "--reflow-from", str(runs / "fsq")]
    assert train_flow.main(given) == 2
    assert "holds no flow decoder" in capsys.readouterr().err


def test_keeping_codes_needs_codes(root, capsys):
    assert train_codec.main([*codec_options(root, "kept"), "--keep-codes"]) == 2
    assert train_codec.main([*codec_options(root, "kept"), "--codec", "vqgan"]) == 2
    assert "choose from" in capsys.readouterr().err


@pytest.fixture(scope="module")
def table(root, runs):
    """The table of the two codecs and the flow, as written."""
    chosen = root / "table"
    chosen.mkdir()
    for name in ("prq_five", "fsq", "prq_five+flow"):
        (chosen / name).symlink_to(runs / name)
    out = root / "codecs.json"
    codec_table.run_codecs(chosen, root / "mocap", out, procedural=1, flow_steps=(1, 2))
    return chosen, out


def test_the_table_holds_every_run_with_all_figures(table):
    rows = json.loads(table[1].read_text())["rows"]
    assert set(rows) == {"prq_five", "fsq", "prq_five+flow@1", "prq_five+flow@2"}
    row = rows["prq_five"]
    assert row["codes_per_second"] == 150.0 and row["bits_per_second"] == 1500.0
    assert row["streaming_fps"] > 0 and row["offline_fps"] > 0 and row["parameters"] > 10_000
    assert 0.0 < row["codebook_use"] <= 1.0 and "MotionCtrl" in row["paper"]
    for kind in ("real", "procedural"):
        assert row["clips"][kind]["mpjpe_body_mm"] > 0.0
        decoded, finished = row["clips"][kind], row["clips"][kind]["finished"]
        assert min(decoded["acceleration_ratio"], finished["acceleration_ratio"]) > 1.0
        assert decoded["foot_slide_cm_s"] != finished["foot_slide_cm_s"]


def shown(value):
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"


def test_the_report_shows_every_figure_of_every_row(table):
    text = table[1].with_suffix(".md").read_text()
    row = json.loads(table[1].read_text())["rows"]["prq_five+flow@2"]
    lines = [line for line in text.splitlines() if line.startswith("| prq_five+flow@2 ")]
    assert len(lines) == 3
    real, made = row["clips"]["real"], row["clips"]["procedural"]
    assert f"| {shown(real['mpjpe_body_mm'])} |" in " ".join(lines[0].split())
    assert f"→ {shown(real['finished']['acceleration_ratio'])} |" in lines[0]
    assert f"→ {shown(made['finished']['foot_slide_cm_s'])} |" in lines[1]
    assert f"{row['codebook_use']:.0%}" in lines[2]
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 4 and all(len(set(map(len, lines))) == 1 for lines in tables)
    assert "MotionCtrl: MPJPE 14.06 mm" in text


def test_a_second_run_measures_only_what_is_new(root, table, monkeypatch):
    chosen, out = table
    before = out.read_text()
    monkeypatch.setattr(codec_table, "measured", None)
    codec_table.run_codecs(chosen, root / "mocap", out, procedural=1, flow_steps=(1, 2))
    assert out.read_text() == before


def test_weights_under_another_codecs_name_are_refused(root, runs, capsys):
    wrong = root / "wrong"
    wrong.mkdir()
    (wrong / "rvq8").symlink_to(runs / "fsq")
    given = ["--runs", str(wrong), "--mocap", str(root / "mocap"), "--out", str(root / "w.json")]
    assert codec_table.main(given) == 2
    assert "called rvq8, but the weights are another codec's" in capsys.readouterr().err
    assert not (root / "w.json").exists()
    check_name("my_own", CODECS["fsq"], wrong)


def test_a_table_needs_runs(root, tmp_path, capsys):
    given = ["--mocap", str(root / "mocap"), "--out", str(tmp_path / "t.json")]
    assert codec_table.main([*given, "--runs", str(tmp_path)]) == 2
    assert "holds no trained codecs" in capsys.readouterr().err


def test_claims_are_judged_by_the_figures():
    def row(mpjpe):
        return {"clips": {"real": {"mpjpe_body_mm": mpjpe}}}

    figures = {"prq": 10.0, "prq_unshared": 12.0, "prq_five": 10.0, "rvq8": 9.0}
    claims = judged({name: row(mpjpe) for name, mpjpe in figures.items()})
    verdicts = {claim["paper"]: claim["reproduced"] for claim in claims}
    assert verdicts["MotionCtrl: shared joints beat none"] is True
    assert verdicts["MotionCtrl: PRQ of 4 layers beats RVQ of 8"] is False
    assert verdicts["VerMo: FSQ beats VQ"] is None
    text = claims_table(claims)
    lines = [line for line in text.splitlines() if "PRQ of 4" in line]
    assert "10 : 9" in lines[0] and "NOT reproduced" in lines[0] and "not measured" in text


def test_a_difference_that_hangs_on_the_clips_is_said_to_be_doubtful():
    def rows(better, worse):
        each = {"prq": better, "prq_unshared": worse}
        return {
            name: {"clips": {"real": {"mpjpe_body_mm": float(np.mean(values)), "each_clip": {
                "frames": [100] * len(values), "mpjpe_body_mm": values}}}}
            for name, values in each.items()
        }  # fmt: skip

    clear = judged(rows([10.0] * 20, [11.0, 13.0] * 10))[1]
    assert clear["reproduced"] and -3.0 < clear["interval"][0] < clear["interval"][1] < -1.0
    doubtful = judged(rows([10.0] * 20, [11.0, 9.1] * 10))[1]
    assert doubtful["reproduced"] and doubtful["interval"][0] < 0.0 < doubtful["interval"][1]
    text = claims_table([clear, doubtful]).splitlines()
    assert "might turn it round" in text[3] and "might" not in text[2]


def test_claims_speak_of_codecs_that_exist():
    names = {name.partition("+")[0] for claim in CLAIMS for name in (claim.better, claim.worse)}
    assert names <= set(CODECS)


def test_curves_show_what_the_log_holds(runs, tmp_path):
    assert (runs / "prq_five+flow" / "curves.png").stat().st_size > 1000
    curves = read_log(runs / "fsq")
    assert {"mpjpe_mm", "codebook_use"} <= curves.keys() and "minutes" not in curves
    draw_curves([runs / "fsq", runs / "prq_five"], tmp_path / "both.png")
    assert (tmp_path / "both.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(LimberError, match="no such log"):
        read_log(tmp_path)
