"""Plain names for the kinds of events that web and app trackers call by standard names.

Only names that can mean nothing else are known here (``add_to_cart``); a single word such as ``search`` is plain
already, and may be a channel's name as well.
"""

from __future__ import annotations

import re

#: What trackers write (Google Analytics 4, Segment, Meta's pixel, Matomo), by the plain name.
_WRITTEN: dict[str, tuple[str, ...]] = {
    "page view": ("page_view", "pageview", "page_viewed", "view_page"),
    "screen view": ("screen_view", "screenview", "screen_viewed"),
    "product view": ("product_view", "product_viewed", "view_product", "view_item", "view_content"),
    "list view": ("view_item_list", "product_list_viewed", "category_view", "view_category"),
    "product chosen from a list": ("select_item", "product_clicked", "product_click"),
    "added to the cart": ("add_to_cart", "added_to_cart", "product_added", "cart_add"),
    "removed from the cart": ("remove_from_cart", "removed_from_cart", "product_removed", "cart_remove"),
    "cart view": ("view_cart", "cart_viewed", "cart_view"),
    "added to the wish list": ("add_to_wishlist", "added_to_wishlist", "product_added_to_wishlist"),
    "start of the checkout": ("begin_checkout", "initiate_checkout", "checkout_started", "checkout_start"),
    "delivery details given": ("add_shipping_info",),
    "payment details given": ("add_payment_info", "payment_info_entered"),
    "order completed": ("order_completed", "complete_order"),
    "start of a visit": ("session_start", "visit_start"),
    "first visit": ("first_visit", "first_open"),
    "app opened": ("app_open", "application_opened"),
    "signed up": ("sign_up", "signed_up", "complete_registration"),
    "signed in": ("log_in", "logged_in", "sign_in", "signed_in"),
    "signed out": ("log_out", "logged_out", "sign_out", "signed_out"),
    "form sent": ("form_submit", "form_submitted", "submit_form"),
    "file downloaded": ("file_download",),
    "video started": ("video_start", "video_play"),
    "video watched to the end": ("video_complete", "video_completed"),
    "search results seen": ("view_search_results", "products_searched"),
    "promotion seen": ("view_promotion", "promotion_viewed"),
    "promotion chosen": ("select_promotion", "promotion_clicked"),
}
_PLAIN = {written: plain for plain, forms in _WRITTEN.items() for written in forms}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_.:-]+")


def plain_event(text: str) -> str | None:
    """Return the plain name of a kind of event; ``None`` where its name is no standard one.

    Examples
    --------
    >>> plain_event("add_to_cart"), plain_event("PageView"), plain_event("Product Viewed"), plain_event("search")
    ('added to the cart', 'page view', 'product view', None)
    """
    if len(text) > 40:
        return None
    return _PLAIN.get(_BETWEEN.sub("_", _CAMEL.sub("_", text.strip())).lower())


def plain_events() -> tuple[str, ...]:
    """Return all plain names, for those who translate them."""
    return tuple(_WRITTEN)
