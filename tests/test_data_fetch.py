"""`limber data`: what is downloaded is what was meant, comes with consent, and nothing else stays."""

import csv
import hashlib
import io
import json
import os
import sys
import tarfile
from types import SimpleNamespace

import pytest
from file_server import serving

from motion_engine import cli
from motion_engine.errors import LimberError
from motion_engine.models import downloads
from motion_engine.models.downloads import RemoteFile, download
from training.archives import checksums, pack
from training.data_fetch import INDEX_COLUMNS, check, index_rows, write_index
from training.data_manifest import read_manifest
from training.prepare import extract, read_index

CLIP = b"HIERARCHY\nROOT Hips\n" + bytes(range(32, 127)) * 9000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def limber(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as running:
        running.files["clip.bvh"] = CLIP
        yield running


@pytest.fixture
def remote(server) -> RemoteFile:
    return RemoteFile(server.address("clip.bvh"), len(CLIP), sha256(CLIP))


class TestDownload:
    def test_a_whole_file(self, server, remote, tmp_path):
        counts = []
        download(remote, tmp_path / "new" / "clip.bvh", counts.append)
        assert (tmp_path / "new" / "clip.bvh").read_bytes() == CLIP
        assert sum(counts) == len(CLIP) and os.listdir(tmp_path / "new") == ["clip.bvh"]

    def test_a_file_that_is_cut_off_goes_on(self, server, remote, tmp_path):
        server.cuts, counts = 2, []
        download(remote, tmp_path / "clip.bvh", counts.append)
        assert (tmp_path / "clip.bvh").read_bytes() == CLIP and sum(counts) == len(CLIP)
        half = len(CLIP) // 2
        ranges = [wanted for _, wanted in server.asked]
        assert ranges[:2] == [None, f"bytes={half}-"] and len(ranges) == 3

    def test_the_next_run_goes_on_where_the_last_one_gave_up(self, server, remote, tmp_path):
        server.cuts = downloads.TRIES
        with pytest.raises(LimberError, match="run it again, it goes on"):
            download(remote, tmp_path / "clip.bvh")
        held = (tmp_path / ".clip.bvh.part").stat().st_size
        assert 0 < held < len(CLIP) and not (tmp_path / "clip.bvh").exists()
        server.asked.clear()
        counts = []
        download(remote, tmp_path / "clip.bvh", counts.append)
        assert server.asked == [("clip.bvh", f"bytes={held}-")] and sum(counts) == len(CLIP)

    def test_a_server_without_ranges_begins_anew(self, server, remote, tmp_path):
        (tmp_path / ".clip.bvh.part").write_bytes(b"something else")
        server.ranges, counts = False, []
        download(remote, tmp_path / "clip.bvh", counts.append)
        assert (tmp_path / "clip.bvh").read_bytes() == CLIP and sum(counts) == len(CLIP)

    def test_a_part_that_is_whole_is_only_checked(self, server, remote, tmp_path):
        (tmp_path / ".clip.bvh.part").write_bytes(CLIP)
        download(remote, tmp_path / "clip.bvh")
        assert (tmp_path / "clip.bvh").read_bytes() == CLIP and len(server.asked) == 1

    def test_a_part_longer_than_the_file_begins_anew(self, server, remote, tmp_path):
        (tmp_path / ".clip.bvh.part").write_bytes(CLIP + b"more")
        download(remote, tmp_path / "clip.bvh")
        assert (tmp_path / "clip.bvh").read_bytes() == CLIP

    def test_another_file_of_that_length_is_refused(self, server, remote, tmp_path):
        server.files["clip.bvh"] = CLIP[::-1]
        (tmp_path / "clip.bvh").write_text("what was there before")
        with pytest.raises(LimberError, match="checksum differs"):
            download(remote, tmp_path / "clip.bvh")
        assert (tmp_path / "clip.bvh").read_text() == "what was there before"
        assert os.listdir(tmp_path) == ["clip.bvh"]

    def test_a_larger_file_is_refused_before_it_arrives(self, server, remote, tmp_path):
        server.files["clip.bvh"] = CLIP + b"x"
        with pytest.raises(LimberError, match="larger than"):
            download(remote, tmp_path / "clip.bvh")
        assert not os.listdir(tmp_path) and len(server.asked) == 1

    def test_a_file_that_never_ends_is_stopped(self, server, remote, tmp_path):
        server.files["clip.bvh"], server.lengths = CLIP * 2, False
        with pytest.raises(LimberError, match="larger than"):
            download(remote, tmp_path / "clip.bvh")
        assert not os.listdir(tmp_path)

    def test_a_server_that_hangs_up_is_asked_again(self, server, remote, tmp_path):
        server.silences = downloads.TRIES - 1
        download(remote, tmp_path / "clip.bvh")
        assert len(server.asked) == downloads.TRIES
        server.silences = downloads.TRIES
        with pytest.raises(LimberError, match="no answer"):
            download(remote, tmp_path / "again.bvh")

    def test_carriage_returns_are_dropped_where_the_manifest_says_so(self, server, tmp_path):
        server.files["clip.bvh"] = CLIP.replace(b"\n", b"\r\n")
        as_used = RemoteFile(server.address("clip.bvh"), len(CLIP), sha256(CLIP), True)
        download(as_used, tmp_path / "clip.bvh")
        assert (tmp_path / "clip.bvh").read_bytes() == CLIP

    @pytest.mark.parametrize(("status", "requests"), [(404, 1), (403, 1), (503, downloads.TRIES)])
    def test_what_may_pass_is_tried_again(self, server, remote, tmp_path, status, requests):
        server.statuses["clip.bvh"] = status
        with pytest.raises(LimberError, match=f"answers {status}"):
            download(remote, tmp_path / "clip.bvh")
        assert len(server.asked) == requests and not os.listdir(tmp_path)

    def test_no_server(self, server, tmp_path):
        with pytest.raises(LimberError, match="look after the network"):
            download(RemoteFile("http://127.0.0.1:9/x", 1, ""), tmp_path / "x")

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "x"])
    def test_only_the_web(self, address, tmp_path):
        with pytest.raises(LimberError, match="only files of the web"):
            download(RemoteFile(address, 1, ""), tmp_path / "x")

    def test_a_place_that_cannot_be_written(self, remote, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(LimberError, match="mend that and run it again"):
            download(remote, tmp_path / "file" / "clip.bvh")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
    def test_a_full_disk_is_no_fault_of_the_network(self, server, remote, tmp_path):
        (tmp_path / ".clip.bvh.part").symlink_to("/dev/full")
        with pytest.raises(LimberError, match="No space left on device; mend that"):
            download(remote, tmp_path / "clip.bvh")
        assert len(server.asked) == 1

    def test_blender_s_own_setting_is_kept_to(self, remote, tmp_path, monkeypatch):
        app = SimpleNamespace(module=False, online_access=False)
        monkeypatch.setitem(sys.modules, "bpy", SimpleNamespace(app=app))
        with pytest.raises(LimberError, match="Blender may not go online"):
            download(remote, tmp_path / "clip.bvh")
        app.online_access = True
        download(remote, tmp_path / "clip.bvh")


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def entry(name: str, files: dict[str, bytes], **more) -> dict:
    listed = [
        {"name": file, "bytes": len(content), "sha256": sha256(content)}
        for file, content in files.items()
    ]
    return {
        "name": name, "title": name, "licence": "CC0", "home": "http://127.0.0.1", "note": "a note",
        "used_sha256": "", "files": listed,
    } | more  # fmt: skip


@pytest.fixture
def manifest(server, tmp_path):
    """One source of two files, one of an archive, and one that is not public."""
    walks = {"bvh/walk.bvh": CLIP, "bvh/run.bvh": CLIP[:999]}
    by_file = entry("walks", walks)
    for values in by_file["files"]:
        name = values["name"].split("/")[1]
        server.files[name] = walks[values["name"]]
        values["address"] = server.address(name)
    by_file["files"][0]["index"] = {
        "frames": 300, "fps": "60", "description": "walk, then turn", "source": "a/b"
    }  # fmt: skip
    dances = {"dance.bvh": CLIP[5:]}
    server.files["dances.tar.xz"] = content = packed(dances)
    whole = {"address": server.address("dances.tar.xz"), "bytes": len(content),
             "sha256": sha256(content)}  # fmt: skip
    sources = [by_file, entry("dances", dances, archive=whole), entry("lost", {"x.bvh": b"x"})]
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"format": 1, "sources": sources}))
    return path


def with_archive(manifest, server, content: bytes) -> None:
    """The manifest, changed to promise that archive for "dances"."""
    values = json.loads(manifest.read_text())
    server.files["dances.tar.xz"] = content
    values["sources"][1]["archive"] |= {"bytes": len(content), "sha256": sha256(content)}
    manifest.write_text(json.dumps(values))


class TestVerb:
    def test_everything_that_is_public_arrives(self, server, manifest, tmp_path, capsys):
        data = tmp_path / "data"
        assert limber("data", "fetch", data, "--yes", "--manifest", manifest) == 0
        assert "lost: cannot be downloaded. a note" in capsys.readouterr().out
        mocap = data / "mocap"
        assert sorted(os.listdir(mocap)) == ["cmu_index.csv", "dances.tar.xz", "walks.tar.xz"]
        extract(mocap / "walks.tar.xz", tmp_path / "out")
        assert (tmp_path / "out" / "bvh" / "walk.bvh").read_bytes() == CLIP
        facts = read_index(mocap / "cmu_index.csv")["bvh/walk.bvh"]
        assert facts["true_fps"] == "60" and facts["description"] == "walk, then turn"

    def test_a_second_run_downloads_nothing_and_asks_nothing(self, server, manifest, tmp_path):
        limber("data", "fetch", tmp_path, "--yes", "--manifest", manifest)
        server.asked.clear()
        assert limber("data", "fetch", tmp_path, "--manifest", manifest) == 0
        assert not server.asked

    def test_without_consent_nothing_is_downloaded(self, server, manifest, tmp_path, capsys):
        assert limber("data", "fetch", tmp_path / "data", "--manifest", manifest) == 2
        said = capsys.readouterr().err
        assert "2 sources, 1 MB to download" in said and "--yes" in said and said.count("\n") == 1
        assert not server.asked and not (tmp_path / "data").exists()

    @pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 2), ("", 2)])
    def test_on_a_terminal_it_asks(self, manifest, tmp_path, monkeypatch, answer, status):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("builtins.input", lambda question: answer)
        assert limber("data", "fetch", tmp_path, "--manifest", manifest) == status
        assert (tmp_path / "mocap").exists() == (status == 0)

    def test_one_source_alone(self, manifest, tmp_path, capsys):
        fetch = ["data", "fetch", tmp_path, "--yes", "--manifest", manifest]
        assert limber(*fetch, "--only", "dances") == 0
        assert sorted(os.listdir(tmp_path / "mocap")) == ["cmu_index.csv", "dances.tar.xz"]
        assert limber(*fetch, "--only", "songs") == 2
        assert "no source 'songs'; there are walks, dances, lost" in capsys.readouterr().err

    def test_one_bad_file_stops_its_source_alone(self, server, manifest, tmp_path, capsys):
        whole, server.files["run.bvh"] = server.files["run.bvh"], b"?" * 999
        fetch = ["data", "fetch", tmp_path, "--yes", "--manifest", manifest]
        assert limber(*fetch) == 2
        said = capsys.readouterr()
        assert "walks: NOT FETCHED" in said.out and "run it again" in said.err
        assert "dances.tar.xz" in os.listdir(tmp_path / "mocap")
        assert "walks.tar.xz" not in os.listdir(tmp_path / "mocap")
        server.files["run.bvh"] = whole
        server.asked.clear()
        assert limber(*fetch) == 0
        assert [name for name, _ in server.asked] == ["run.bvh"]

    @pytest.mark.parametrize(
        ("members", "reason"),
        [
            ({"../dance.bvh": b"x"}, "unsafe member"),
            ({"/tmp/dance.bvh": b"x"}, "unsafe member"),
            ({"a/../../dance.bvh": b"x"}, "unsafe member"),
            ({"dance.bvh": b"x"}, "not the file of the manifest"),
            ({"dance.bvh": CLIP[5:], "more.py": b"x"}, "not the file of the manifest"),
        ],
    )
    def test_unsafe_archives(self, server, manifest, tmp_path, capsys, members, reason):
        with_archive(manifest, server, packed(members))
        data = tmp_path / "data"
        fetch = ["data", "fetch", data, "--yes", "--manifest", manifest, "--only", "dances"]
        assert limber(*fetch) == 2
        assert reason in capsys.readouterr().out and not os.listdir(data / "mocap")

    def test_links_in_an_archive(self, server, manifest, tmp_path, capsys):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:xz") as tar:
            link = tarfile.TarInfo("dance.bvh")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
        with_archive(manifest, server, stream.getvalue())
        assert limber("data", "fetch", tmp_path, "--yes", "--manifest", manifest) == 2
        assert "unsafe member" in capsys.readouterr().out

    def test_an_archive_that_is_cut_off(self, server, manifest, tmp_path, capsys):
        with_archive(manifest, server, packed({"dance.bvh": CLIP[5:]})[:-40])
        assert limber("data", "fetch", tmp_path, "--yes", "--manifest", manifest) == 2
        assert "not a whole archive" in capsys.readouterr().out

    def test_an_archive_that_grows_without_end(
        self, server, manifest, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.setattr("training.archives.LARGEST_BYTES", 1000)
        assert limber("data", "fetch", tmp_path, "--yes", "--manifest", manifest) == 2
        assert "unpacks to more than" in capsys.readouterr().out

    def test_a_damaged_archive_is_told(self, manifest, tmp_path, capsys):
        (tmp_path / "mocap").mkdir()
        pack({"bvh/walk.bvh": manifest}, tmp_path / "mocap" / "walks.tar.xz")
        fetch = ["data", "fetch", tmp_path, "--yes", "--manifest", manifest, "--only", "walks"]
        assert limber(*fetch) == 2
        assert "bvh/walk.bvh is not the file of the manifest" in capsys.readouterr().out

    def test_a_folder_that_is_a_file(self, manifest, capsys):
        assert limber("data", "fetch", manifest, "--yes") == 2
        assert "a file; give a folder" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", '{"format": 1}', '{"format": 9, "sources": []}',
         '{"format": 1, "sources": [{"name": "../x", "files": []}]}',
         '{"format": 1, "sources": [{"name": "x", "files": [{"name": "../x"}]}]}'],
    )  # fmt: skip
    def test_what_is_no_manifest(self, tmp_path, capsys, text):
        (tmp_path / "manifest.json").write_text(text)
        assert limber("data", "list", "--manifest", tmp_path / "manifest.json") == 2
        assert capsys.readouterr().err.count("\n") == 1


class TestManifest:
    def test_it_names_a_licence_a_home_and_a_pinned_address(self, capsys):
        sources = read_manifest()
        assert limber("data", "list") == 0
        listed = capsys.readouterr().out
        assert all(source.name in listed and source.note in listed for source in sources)
        for source in sources:
            assert source.licence and source.home.startswith("http") and source.note
            for file in source.public_files:
                pinned = "raw.githubusercontent.com" in file.address
                assert pinned or file.address.startswith("http://mocap.cs.cmu.edu/subjects/")
                if pinned:
                    assert len(file.address.split("/")[5]) == 40
        addresses = [file.address for source in sources for file in source.public_files]
        assert len(set(addresses)) == len(addresses)

    def test_packing_is_the_same_every_time(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / name).write_bytes(CLIP)
        pack({"x/a": tmp_path / "a", "b": tmp_path / "b"}, tmp_path / "1.tar.xz")
        pack({"b": tmp_path / "b", "x/a": tmp_path / "a"}, tmp_path / "2.tar.xz")
        assert (tmp_path / "1.tar.xz").read_bytes() == (tmp_path / "2.tar.xz").read_bytes()
        assert checksums(tmp_path / "1.tar.xz") == {"x/a": sha256(CLIP), "b": sha256(CLIP)}

    @pytest.mark.data
    def test_it_describes_the_archives_that_are_used(self, data_folder):
        for source in read_manifest():
            archive = data_folder / "mocap" / f"{source.name}.tar.xz"
            if archive.stat().st_size < 1_000_000:  # the others take half a minute
                assert check(source, archive) == f"{len(source.files)} files checked"
                assert sha256(archive.read_bytes()) == source.used_sha256

    @pytest.mark.data
    def test_the_index_that_it_writes_is_the_one_that_is_used(self, data_folder, tmp_path):
        (tmp_path / "mocap").mkdir()
        (tmp_path / "mocap" / "any.tar.xz").write_bytes(b"")
        write_index(read_manifest(), tmp_path)
        with open(data_folder / "mocap" / "cmu_index.csv", newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert tuple(header) == INDEX_COLUMNS
        assert sorted(map(tuple, rows)) == sorted(index_rows(read_manifest()))
        written = read_index(tmp_path / "mocap" / "cmu_index.csv")
        assert written == read_index(data_folder / "mocap" / "cmu_index.csv")
