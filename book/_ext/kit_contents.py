"""The contents in the side bar, written straight from the table of contents: the theme copies all of it for every page.

Markup and classes are the theme's own. Pages below another page are listed while the reader is at it or at one of them.
"""


def contents(app, pagename: str, pathto) -> list[dict]:
    """Return the parts of the contents as the page shows them: caption and entries."""
    parts = app.config.external_site_map.root.subtrees
    return [{"caption": part.caption, "entries": _entries(app, part, pagename, pathto)} for part in parts]


def _entries(app, part, pagename: str, pathto) -> list[dict]:
    return [_entry(app, str(name), pagename, pathto) for name in part.items]


def _entry(app, name: str, pagename: str, pathto) -> dict:
    below = [str(found) for part in app.config.external_site_map[name].subtrees for found in part.items]
    return {
        "title": _title(app, name),
        "href": "#" if name == pagename else pathto(name),
        "is_current": name == pagename,
        "is_open": pagename in (name, *below),
        "below": [_entry(app, found, pagename, pathto) for found in below] if pagename in (name, *below) else [],
    }


def _title(app, name: str) -> str:
    """Return a page's title as HTML; it is the same on every page."""
    known = app.builder.__dict__.setdefault("helhed_titles", {})
    if name not in known:
        known[name] = app.builder.render_partial(app.env.titles[name])["title"]
    return known[name]


def offer_contents(app, pagename, templatename, context, doctree):
    """Give the template of the side bar its contents."""
    context["kit_contents"] = lambda: contents(app, pagename, context["pathto"])


def setup(app):
    app.connect("html-page-context", offer_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
