"""Sends the calls of PLAN with segment-analytics-python, as it is published."""

import json
import os
from datetime import datetime

from segment.analytics.client import Client

NAMES = {
    "userId": "user_id",
    "anonymousId": "anonymous_id",
    "previousId": "previous_id",
    "groupId": "group_id",
    "messageId": "message_id",
}

plan = json.loads(os.environ["PLAN"])
analytics = Client(plan["writeKey"], host=plan["endpoint"], gzip=True)
for call in plan["calls"]:
    kind = call.pop("type")
    if "timestamp" in call:
        call["timestamp"] = datetime.fromisoformat(call["timestamp"].replace("Z", "+00:00"))
    getattr(analytics, kind)(**{NAMES.get(name, name): value for name, value in call.items()})
analytics.shutdown()
