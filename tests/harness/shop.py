"""Events as shop and till send them, and times as both write them."""

from datetime import datetime, timedelta, timezone


def now_text(seconds_from_now=0.0):
    """This moment, as RFC 3339 with milliseconds."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds_from_now)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text):
    """Seconds since 1970 of an RFC 3339 text."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def email_of(name):
    return f"{name}@example.com"


def known(name, first_name=None):
    """Who somebody is, and that they want mail: two events."""
    traits = {"email": email_of(name), "firstName": first_name or name, "loyalty_id": f"L-{name}"}
    yes = {"channel": "email", "purpose": "promotion", "email": email_of(name)}
    return [
        {"type": "identify", "messageId": f"{name}-identify", "userId": name, "traits": traits},
        {"type": "track", "messageId": f"{name}-consent", "userId": name, "event": "Consent Given", "properties": yes},
    ]


def added(name, number=1, product="tee", sku="TEE", minutes_ago=0):
    """A shirt goes into the cart."""
    line = {"cart_id": f"c-{name}", "product_id": product, "sku": sku, "name": "T-shirt", "price": 20, "quantity": 1}
    return {
        "type": "track", "messageId": f"{name}-added-{number}", "userId": name,
        "timestamp": now_text(-60 * minutes_ago), "event": "Product Added", "properties": line,
    }


def receipt(name, till_code="4711"):
    """The till's receipt: it knows the loyalty card and its own code alone."""
    sold = {"till_code": till_code, "name": "T-SHIRT", "price": 20, "quantity": 1}
    return {
        "type": "track", "messageId": f"receipt-{name}", "timestamp": now_text(), "event": "Order Completed",
        "properties": {
            "receipt_id": f"r-{name}", "store_id": "centro", "loyalty_id": f"L-{name}", "currency": "EUR",
            "total": 20, "products": [sold],
        },
    }
