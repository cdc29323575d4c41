"""Rendered pages in memory."""

from bot.pages.cache import PageCache, rendered


def test_a_new_edition_starts_empty() -> None:
    cache = PageCache()
    cache.keep(1, "a", rendered("trang cũ"))

    assert cache.get(2, "a") is None
    cache.keep(2, "b", rendered("trang mới"))
    assert cache.get(1, "a") is None
    assert cache.get(2, "a") is None
    assert cache.size == len(rendered("trang mới").packed)


def test_it_never_grows_beyond_its_bound() -> None:
    size = len(rendered("trang 000").packed)
    cache = PageCache(most_bytes=size * 3)
    for number in range(10):
        cache.keep(1, number, rendered(f"trang {number:03}"))
        cache.get(1, 7)

    assert cache.size <= size * 3
    assert cache.get(1, 7) is not None
    assert cache.get(1, 0) is None


def test_keeping_a_page_again_counts_it_once() -> None:
    cache = PageCache()
    for _ in range(3):
        cache.keep(1, "a", rendered("trang"))

    assert cache.size == len(rendered("trang").packed)


def test_the_tag_changes_with_the_page_only() -> None:
    assert rendered("một").etag == rendered("một").etag
    assert rendered("một").etag != rendered("hai").etag
    assert rendered("một").text() == "một"
