"""Photos as real cameras and hostile hands make them: time, memory, and no surprises."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from shop.core.image_decode import decode
from shop.core.images import BadImage, ImageFault, normalise
from tests.camera_files import camera_file, camera_files
from tests.photos import difference, huge_jpeg, lively, opened, saved

# In a process of its own, told by Linux itself: what getrusage says includes the parent's past.
_PEAK = """
import pathlib, sys
from shop.core.images import normalise
photo = normalise(pathlib.Path(sys.argv[1]).read_bytes())
status = pathlib.Path("/proc/self/status").read_text()
print(photo.width, photo.height, status.split("VmHWM:")[1].split()[0])
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_camera_file_is_kept_or_refused() -> None:
    faults: dict[str, ImageFault] = {}
    slowest = 0.0
    files = camera_files()
    for path in files:
        began = time.process_time()
        try:
            normalise(path.read_bytes())
        except BadImage as error:
            faults[path.name] = error.reason
        slowest = max(slowest, time.process_time() - began)
    assert len(files) > 1000
    assert len(files) - len(faults) > 500
    assert slowest < 10
    refused = {name for name, fault in faults.items() if fault == ImageFault.DAMAGED}
    assert {"truncated_jpeg.jpg", "corrupted.heic", "broken.png"} <= refused
    assert faults["200MP.heic"] == ImageFault.TOO_MANY_PIXELS
    assert len(refused) < 20


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak")
def test_200_megapixels_stay_below_300_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(huge_jpeg(16_320, 12_240))
    answer = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path)], check=True, capture_output=True, text=True
    )
    width, height, kilobytes = map(int, answer.stdout.split())
    assert (width, height) == (2048, 1536)
    assert kilobytes < 300_000


def test_demo_photo_takes_60_milliseconds() -> None:
    data = saved(lively(960, 960), "JPEG", quality=90)
    taken = []
    for _ in range(5):
        began = time.process_time()
        normalise(data)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.06


def test_heic_turned_by_its_container_is_not_turned_again() -> None:
    data = camera_file("arrow.heic").read_bytes()
    assert b"irot" in data
    photo = normalise(data)  # EXIF says 6 as well: turning twice would lay it on its side
    assert (photo.width, photo.height) == (1536, 2048)


def test_heic_turned_by_exif_only_is_turned() -> None:
    data = camera_file("xiaomi.heic").read_bytes()
    assert b"irot" not in data
    upright = normalise(data)
    tag = bytes.fromhex("1201 0300 01000000 0100")  # orientation, one short: 1
    lying = normalise(data.replace(tag, tag[:-2] + b"\x06\x00", 1))
    assert (lying.width, lying.height) == (upright.height, upright.width)
    turned = opened(upright.jpeg).transpose(Image.Transpose.ROTATE_270)
    assert difference(turned, opened(lying.jpeg)) < 2


def test_wide_colours_of_a_phone_become_srgb() -> None:
    path = camera_file("pug.heic")
    with Image.open(path) as image:
        assert b"Display P3" in image.info["icc_profile"].replace(b"\0", b"")
        plain = image.resize((512, 384)).convert("RGB")
    result = decode(path.read_bytes(), 512)
    assert result.info == {}
    assert 0.5 < difference(plain, result) < 20


def test_extra_picture_of_a_phone_is_left_out() -> None:
    with Image.open(camera_file("sugarshack.mpo")) as image:
        assert image.format == "MPO"
        first = image.convert("RGB")
    photo = normalise(camera_file("sugarshack.mpo").read_bytes())
    assert difference(first.resize((photo.width, photo.height)), opened(photo.jpeg)) < 6
