"""The section to draw in, as its readers have it."""

import base64

import pytest

INK = """() => {
  const canvas = document.querySelector(".draw-canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const at = data.findIndex((value, i) => i % 4 === 3 && value === 255);
  return [...data.slice(at - 3, at)].join();
}"""
DRAWN = "document.querySelector('.draw-label').innerText !== '–'"
# A picture, made in the page: a stroke on a ground, of so many pixels.
PICTURE = """([width, height, ground, ink]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink;
  context.fillRect(0.4 * width, 0.2 * height, 0.1 * width, 0.6 * height);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


@pytest.fixture
def page(opened):
    """The page, once it shows a never-seen digit."""
    page = opened()
    page.wait_for_selector(".draw-label:is(.right, .wrong)")
    return page


def labels_of(page, where=".draw-label"):
    """What the best models say, or all."""
    return page.locator(where).all_text_contents()


def everything(page):
    """What stands on the buttons of all models, which are behind details."""
    page.evaluate("document.querySelector('[data-draw=all]').open = true")
    page.wait_for_selector(".draw-labels [aria-pressed=true]", state="attached")
    return labels_of(page, ".draw-labels button")


def test_the_best_model_of_each_size_labels_first(page):
    sizes = page.locator(".draw-sizes li")
    assert [text.split("\n")[0] for text in sizes.all_inner_texts()] == ["28×28", "7×7", "2×2"]
    assert all("right in" in text for text in page.locator(".draw-sizes small").all_inner_texts())
    assert page.locator(".draw-size[aria-pressed=true]").count() == 1
    assert page.locator(".draw-labels button:visible").count() == 0
    best = page.locator(".draw-found .note").inner_text()
    for own, size in zip(sizes.all(), ("28×28", "7×7", "2×2"), strict=True):
        own.locator("button").click()
        title = page.locator("[data-draw=ranked] h3").inner_text()
        assert title.endswith(f", {size}")
        assert title.removesuffix(f", {size}") in best
        label = own.locator(".draw-label").inner_text().split()[0]
        rows = page.locator(".draw-ranked tbody tr")
        assert rows.count() == 10
        assert rows.locator("strong").inner_text() == label
        widths = page.eval_on_selector_all(
            ".draw-bar", "bars => bars.map((bar) => parseFloat(bar.style.width))"
        )
        assert widths == sorted(widths, reverse=True)


def test_drawing_by_mouse_and_by_keys(page):
    page.click("[data-draw=clear]")
    page.wait_for_function(f"!({DRAWN})")
    assert set(everything(page)) == {"–"}
    box = page.locator(".draw-canvas").bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 200, steps=5)
    page.mouse.up()
    page.wait_for_function(DRAWN)
    assert set(everything(page)) <= set("0123456789")
    page.wait_for_function(
        "document.querySelector('[data-draw=summary]').innerText.includes('say')"
    )

    page.click("[data-draw=clear]")
    page.focus(".draw-canvas")
    page.keyboard.press(" ")
    assert page.inner_text("[data-draw=pen]") == "The pen is down."
    assert page.is_visible(".draw-pen.down")
    for key in ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"]:
        page.keyboard.press(key)
    page.wait_for_function(DRAWN)
    page.click("[data-draw=next]")
    assert page.inner_text("[data-draw=pen]") == ""
    assert not page.is_visible(".draw-pen")


def test_a_tap_makes_a_dot(page):
    page.click("[data-draw=clear]")
    page.wait_for_function(f"!({DRAWN})")
    page.locator(".draw-canvas").click(position={"x": 90, "y": 120})
    page.wait_for_function(DRAWN)
    assert page.evaluate(INK) == "27,31,36"


def test_a_drawing_has_the_ink_of_the_scheme(page):
    assert page.evaluate(INK) == "27,31,36"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({INK})() === '230,237,243'")


def test_never_seen_digits_come_with_their_class_and_go_into_the_address(page, opened):
    page.select_option("[data-draw=class]", label="7")
    first = page.inner_text("[data-draw=truth]")
    assert first.endswith("its true class is 7.")
    address = page.url
    assert "#draw?digit=" in address
    page.click("[data-draw=next]")
    assert page.inner_text("[data-draw=truth]") != first
    page.click("[data-draw=previous]")
    assert page.inner_text("[data-draw=truth]") == first
    for mark in everything(page):
        assert mark == "7 ✓" or (mark[0] != "7" and mark.endswith("✗"))

    other = opened()
    begun = other.inner_text("[data-draw=truth]")
    assert begun != first
    other.goto(address)
    other.wait_for_function("document.querySelector('[data-draw=truth]').innerText.endsWith('7.')")
    assert other.inner_text("[data-draw=truth]") == first
    other.click("[data-draw=clear]")
    other.wait_for_function("!location.hash.includes('digit')")
    other.reload()
    other.wait_for_selector(".draw-label:is(.right, .wrong)")
    assert other.inner_text("[data-draw=truth]") == begun


def test_contrast_is_stretched_unless_asked_not_to(page):
    alphas = """() => {
      const canvas = document.querySelector("[data-size='2'] canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, 2, 2);
      return [3, 7, 11, 15].map((i) => data[i]);
    }"""
    stretched = page.evaluate(alphas)
    assert (min(stretched), max(stretched)) == (0, 255)
    page.uncheck("[data-draw=stretch]")
    plain = page.evaluate(alphas)
    assert max(plain) < 255
    assert sorted(range(4), key=plain.__getitem__) == sorted(range(4), key=stretched.__getitem__)


@pytest.mark.parametrize(("width", "height"), [(300, 300), (1900, 700), (31, 90)])
def test_pictures_are_loaded_dark_on_light_or_light_on_dark(page, width, height):
    found = []
    for ground, ink in (("#f4efe0", "#203080"), ("#000", "#fff")):
        picture = page.evaluate(PICTURE, [width, height, ground, ink])
        content = base64.b64decode(picture)
        file = {"name": "mine.png", "mimeType": "image/png", "buffer": content}
        page.set_input_files("[data-draw=file]", file)
        said = "document.querySelector('[data-draw=truth]').innerText === 'This is your picture.'"
        page.wait_for_function(said)
        found.append(labels_of(page))
        page.click("[data-draw=next]")
    assert found[0] == found[1]
    assert set(found[0]) <= set("0123456789")


def test_a_file_that_is_no_picture_is_refused_in_a_line(page):
    for name, content in (("mine.png", b"no picture"), ("mine.txt", b"")):
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        page.set_input_files("[data-draw=file]", file)
        page.wait_for_function(
            "document.querySelector('[data-draw=truth]').innerText.startsWith('This is no picture')"
        )
    content = base64.b64decode(page.evaluate(PICTURE, [50, 50, "#fff", "#fff"]))
    file = {"name": "white.png", "mimeType": "image/png", "buffer": content}
    page.set_input_files("[data-draw=file]", file)
    page.wait_for_function(
        "document.querySelector('[data-draw=truth]').innerText.includes('all of one shade')"
    )


def test_a_picture_is_pasted(page):
    picture = page.evaluate(PICTURE, [300, 300, "#fff", "#000"])
    page.evaluate(
        """async (picture) => {
          const content = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([content], "p.png", { type: "image/png" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        picture,
    )
    page.wait_for_function(
        "document.querySelector('[data-draw=truth]').innerText === 'This is your picture.'"
    )


def test_the_filters_of_a_network_and_what_they_respond_to_are_shown(page):
    everything(page)
    row = page.locator(".draw-labels tr", has_text="Convolutional network")
    row.locator("button").first.click()
    lists = page.locator(".draw-filters")
    assert lists.nth(0).locator("canvas").count() == 2 * 6
    assert lists.nth(1).locator("canvas").count() == 12
    page.locator(".draw-labels tr", has_text="MLP relu").locator("button").first.evaluate(
        "button => button.click()"
    )
    assert lists.count() == 0


def test_a_study_of_which_the_page_runs_nothing_can_be_drawn_for(page):
    page.evaluate(
        """async () => {
          const { unpack } = await import("fewpixels/payload");
          const { load } = await import("fewpixels/predict");
          const pack = await unpack(document.getElementById("pack-models").textContent);
          pack.record.models = [];
          const section = document.getElementById("draw").cloneNode(true);
          document.getElementById("draw").replaceWith(section);
          section.querySelector("[data-draw=all]").remove();
          for (const own of section.querySelectorAll(".draw-size")) delete own.dataset.model;
          (await import("fewpixels/draw")).start(section, load(pack));
        }"""
    )
    assert set(labels_of(page)) == {"–"}
    assert page.locator(".draw-size canvas").count() == 3
    assert page.locator("[data-draw=ranked] table").count() == 0


def test_bars_are_seen_in_forced_colours_and_thumbnails_on_paper(page):
    page.emulate_media(forced_colors="active")
    bar = page.locator(".draw-bar").first
    colour = "element => getComputedStyle(element).backgroundColor"
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert bar.evaluate(colour) != behind
    page.emulate_media(media="print")
    assert page.is_visible(".draw-size canvas")
    assert not page.is_visible("[data-draw=next]")
