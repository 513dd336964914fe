"""Pictures in class folders, and archives made to do harm."""

from __future__ import annotations

import base64
import contextlib
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from designer.datasets import as_pictures, class_counts, load, load_preview
from designer.datasets.own import Draft, description, pictures
from designer.errors import DatasetError
from tests.designer.datasets.own.own_files import huge_in_its_head, packed, picture, two_classes


def problems(draft: Draft) -> dict[str, int]:
    return {problem.kind: problem.count for problem in draft.problems}


def test_pictures_in_folders_become_a_data_set(look: Callable, bring: Callable) -> None:
    draft = look(two_classes(), "colours.zip")
    assert draft.form == "pictures"
    assert draft.classes == {"blue": 4, "red": 4}
    assert (draft.size, draft.sizes, draft.colour) == ((8, 12), "all 8 × 12", True)
    assert draft.problems == ()
    shown = Image.open(io.BytesIO(base64.b64decode(draft.sample[0][1])))
    assert (draft.sample[0][0], shown.getpixel((3, 3))) == ("blue", (0, 0, 250))
    info = bring(two_classes(), "colours.zip")
    assert (info.kind, info.raw_shape, info.examples) == ("image", (8, 12, 3), 8)
    assert info.view().heads == (("blue", "red"),)
    data = load(info.name, "multiclass")
    assert data.features.dtype == np.uint8
    assert isinstance(data.features, np.memmap)
    assert data.features[0, 0, 0].tolist() == [0, 0, 250]
    assert data.features[7, 0, 0].tolist() == [250, 0, 0]
    assert class_counts(data) == [[4, 4]]
    preview = load_preview(info.name)
    assert preview is not None
    assert as_pictures(preview).shape == (8, 8, 12, 3)


def test_pictures_of_any_size_are_kept_at_one(look: Callable, bring: Callable) -> None:
    more = {"red/large.jpg": picture((250, 0, 0), (900, 300), form="JPEG")}
    draft = look(two_classes(more), "p.zip")
    assert draft.sizes == "from 8 × 12 to 300 × 900"
    info = bring(two_classes(more), "p.zip", size=(20, 30), colour=False)
    assert info.raw_shape == (20, 30, 1)
    grey = {int(value) for value in load(info.name).features[:, 10, 15, 0]}
    assert all(abs(value - 75) < 3 or abs(value - 28) < 3 for value in grey)
    assert look(packed({f"{c}/{n}.png": picture(9, (1000, 500), "L") for c in "ab" for n in "12"}),
                "q.zip").size == (64, 128)  # fmt: skip
    with pytest.raises(DatasetError, match=r"1 to 512 pixels, received 20 × 9000"):
        bring(two_classes(), "p.zip", size=(20, 9000))


@pytest.mark.parametrize(
    ("mode", "form", "colour", "expected"),
    [
        ("L", "PNG", 77, 77), ("1", "PNG", 1, 255), ("LA", "PNG", (77, 255), 77),
        ("RGBA", "PNG", (77, 77, 77, 255), 77), ("RGBA", "PNG", (0, 0, 0, 0), 255),
        ("P", "GIF", 0, None), ("CMYK", "JPEG", (0, 0, 0, 178), 77), ("I;16", "PNG", 77 * 257, 77),
        ("L", "BMP", 77, 77), ("L", "WEBP", 77, 77), ("L", "TIFF", 77, 77), ("L", "PPM", 77, 77),
        ("F", "TIFF", 77.0, 77),
    ],
)  # fmt: skip
def test_every_kind_of_picture(
    bring: Callable, mode: str, form: str, colour: object, expected: int | None
) -> None:
    one = picture(colour, (6, 6), mode, form)
    info = bring(packed({f"{c}/{n}.x": one for c in "ab" for n in "12"}), "p.zip", colour=False)
    values = load(info.name).features
    assert values.shape == (4, 6, 6, 1)
    if expected is not None:
        assert np.abs(values.astype(int) - expected).max() <= 2


def test_a_picture_lying_on_its_side_is_set_upright(bring: Callable) -> None:
    stream = io.BytesIO()
    lying = Image.new("L", (16, 8))
    lying.paste(255, (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter, clockwise
    lying.save(stream, "PNG", exif=exif)
    files = {f"{c}/{n}.png": stream.getvalue() for c in "ab" for n in "12"}
    first = load(bring(packed(files), "p.zip", size=(16, 8)).name).features[0, :, :, 0]
    assert first[:8].min() == 255
    assert first[8:].max() == 0


def test_files_that_are_no_pictures_are_counted_and_left_out(
    look: Callable, bring: Callable
) -> None:
    content = two_classes(
        {
            "red/notes.txt": b"hello",
            "red/fake.png": b"not a picture at all",
            "blue/page.jpg": b"<html></html>",
            "blue/empty.png": b"",
            "top.png": picture(),
            "__MACOSX/red/._1.png": b"rest",
            "red/.DS_Store": b"rest",
            "Thumbs.db": b"rest",
        }
    )
    draft = look(content, "p.zip")
    assert problems(draft) == {"no_pictures": 4, "no_class": 1}
    assert "red/fake.png" in draft.problems[0].in_words()
    info = bring(content, "p.zip")
    assert info.examples == 8
    assert description(info.name)["left_out"] == 5
    with pytest.raises(DatasetError, match=r"Refused: 4 files that cannot be read as a picture"):
        bring(content, "p.zip", ways={"no_pictures": "refuse"})


def test_a_picture_of_ten_thousand_million_pixels_is_not_unpacked(
    look: Callable, bring: Callable
) -> None:
    content = two_classes({"red/bomb.png": huge_in_its_head()})
    draft = look(content, "p.zip")
    assert problems(draft) == {"too_large": 1}
    assert "red/bomb.png: 100,000 × 100,000" in draft.problems[0].in_words()
    assert bring(content, "p.zip").examples == 8


def cut_in_half(form: str = "PNG") -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()[: len(stream.getvalue()) // 2]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP"])
def test_a_picture_cut_short_is_named_before_anything_is_kept(
    look: Callable, bring: Callable, form: str
) -> None:
    content = two_classes({"red/half.x": cut_in_half(form)}, count=12)
    draft = look(content, "p.zip")
    assert problems(draft) == {"cut_short": 1}
    assert draft.problems[0].in_words().startswith("1 picture cut short or damaged (red/half.x")
    assert draft.problems[0].ways == ("skip", "refuse")
    assert draft.classes == {"blue": 12, "red": 12}
    info = bring(content, "p.zip")
    told = description(info.name)
    assert (info.examples, told["left_out"], len(told["problems"])) == (24, 1, 1)


def test_a_picture_judged_by_its_head_is_found_when_it_is_kept(
    look: Callable, bring: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "SECONDS_OF_READING", -1)
    content = two_classes({"red/half.png": cut_in_half()}, count=12)
    assert look(content, "p.zip").problems == ()
    info = bring(content, "p.zip")
    assert info.examples == 24
    told = description(info.name)
    assert told["left_out"] == 1
    assert "1 picture cut short or damaged (red/half.png" in told["problems"][-1]
    with pytest.raises(DatasetError, match=r"Refused: 1 picture cut short"):
        bring(content, "p.zip", ways={"cut_short": "refuse"})
    alone = {f"red/{n}.png": picture() for n in range(3)} | {"red/3.png": cut_in_half()}
    alone |= {f"blue/{n}.png": picture() for n in range(4)}
    assert bring(packed(alone), "p.zip").examples == 7
    monkeypatch.setattr(pictures, "SHOWN_PER_CLASS", 0)
    alone = {"red/half.png": cut_in_half()} | {f"blue/{n}.png": picture() for n in range(4)}
    with pytest.raises(DatasetError, match=r"No picture of red can be read to its end"):
        bring(packed(alone), "p.zip")


def test_an_archive_of_nothing_but_halves_says_so(look: Callable) -> None:
    with pytest.raises(DatasetError, match=r"1 file cut short or damaged \(red/half\.png"):
        look(packed({"red/half.png": cut_in_half()}), "p.zip")


def test_empty_classes_are_named(look: Callable, bring: Callable, tmp_path: Path) -> None:
    stream = io.BytesIO(two_classes({"green/readme.txt": b"none yet"}))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.mkdir("yellow")
    draft = look(stream.getvalue(), "p.zip")
    assert draft.empty_classes == ("green", "yellow")
    assert "2 classes without a picture (green; yellow)" in draft.problems[-1].in_words()
    assert bring(stream.getvalue(), "p.zip").view().heads == (("blue", "red"),)
    with pytest.raises(DatasetError, match="Refused: 2 classes without a picture"):
        bring(stream.getvalue(), "p.zip", ways={"empty_classes": "refuse"})


@pytest.mark.parametrize(
    "name", ["../../evil.png", "/etc/evil.png", "red/../../evil.png", "C:\\evil.png", "..\\x.png"]
)
def test_paths_that_climb_are_named_and_never_written(
    look: Callable, bring: Callable, own_home: Path, name: str
) -> None:
    content = two_classes({name: picture()})
    draft = look(content, "p.zip")
    assert problems(draft) == {"climbing_paths": 1}
    assert name in draft.problems[0].in_words()
    assert bring(content, "p.zip").examples == 8
    assert not list(own_home.parent.rglob("*evil*"))
    with pytest.raises(DatasetError, match=r"Refused: 1 file with a path that leads out"):
        bring(content, "p.zip", ways={"climbing_paths": "refuse"})


def test_links_are_not_followed(look: Callable, bring: Callable) -> None:
    stream = io.BytesIO(two_classes())
    with zipfile.ZipFile(stream, "a") as archive:
        link = zipfile.ZipInfo("red/link.png")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert problems(look(stream.getvalue(), "p.zip")) == {"links": 1}
    assert bring(stream.getvalue(), "p.zip").examples == 8


def test_a_list_of_millions_of_files_is_not_read(
    look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is read at once; the process of the pages reads none but short ones."""
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65535, 65535, 200_000_000, 0, 0)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))
    with pytest.raises(DatasetError, match="list of files is 200 MB long; at most 60 MB are read"):
        look(b"PK\3\4" + bytes(100) + end, "p.zip")


def test_a_zip_bomb_is_not_unpacked(look: Callable, bring: Callable) -> None:
    content = two_classes({"red/zeros.png": bytes(50_000_000)})
    assert len(content) < 100_000
    draft = look(content, "p.zip")
    assert problems(draft) == {"bombs": 1}
    assert "red/zeros.png" in draft.problems[0].in_words()
    assert bring(content, "p.zip").examples == 8
    with pytest.raises(DatasetError, match=r"Refused: 1 file that would unpack .* \(a zip bomb\)"):
        bring(content, "p.zip", ways={"bombs": "refuse"})


def test_an_archive_that_unpacks_to_too_much_is_refused(
    look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("designer.datasets.own.archives.LARGEST_UNPACKED", 500)
    with pytest.raises(DatasetError, match="Refused: the archive would unpack to"):
        look(two_classes(), "p.zip")


def test_sizes_that_lie_are_not_believed(look: Callable) -> None:
    """An entry that says it is small and is large is cut at what it says, and fails its sum."""
    content = bytearray(two_classes({"red/liar.png": bytes(3_000_000)}))
    true_size = (3_000_000).to_bytes(4, "little")
    assert content.count(true_size) >= 1
    content = content.replace(true_size, (3_000).to_bytes(4, "little"))
    draft = look(bytes(content), "p.zip")
    assert problems(draft) == {"no_pictures": 1}


def test_locked_files_are_named(look: Callable) -> None:
    content = bytearray(two_classes({"red/secret.png": picture()}))
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"red/secret.png"))
    content[place + 8] |= 1
    assert problems(look(bytes(content), "p.zip")) == {"encrypted": 1}


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_an_archive_cut_short_is_refused(look: Callable, part: float) -> None:
    content = two_classes()
    with pytest.raises(DatasetError, match="damaged or only a part of one"):
        look(content[: int(len(content) * part)], "p.zip")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no pictures in class folders.*It is empty"),
        ({"a.png": picture(), "b.png": picture()}, "2 files lie outside of any class folder"),
        ({"cats/a.txt": b"x"}, "1 file cannot be read as pictures"),
        ({f"cats/{n}.png": picture() for n in range(5)}, "one class .cats."),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    bring: Callable, files: dict[str, bytes], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        bring(packed(files), "p.zip")


def test_a_zip_that_is_none_is_refused(look: Callable) -> None:
    with pytest.raises(DatasetError, match=r"p\.zip is no zip archive"):
        look(b"hello, this is text\n" * 10, "p.zip")


def test_a_zip_with_another_name_is_known_by_its_bytes(look: Callable) -> None:
    assert look(two_classes(), "table.csv").form == "pictures"


def test_damage_anywhere_never_ends_in_a_traceback(bring: Callable) -> None:
    rng = np.random.default_rng(1)
    whole = two_classes(count=3)
    kept = 0
    for _ in range(60):
        content = bytearray(whole)
        for place in rng.integers(4, len(content), 6):
            content[place] = rng.integers(0, 256)
        with contextlib.suppress(DatasetError):
            kept += bring(bytes(content), "p.zip").examples > 0
    assert 0 < kept < 60
