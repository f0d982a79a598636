"""A chat as the tutorial of Django Channels has it, which also stores each message, in the language of ws-loop.ts.

Served by Daphne, which is told of `chat:application`. Run by itself it says what it is made of, or fails where that is not installed.
"""

import os
import sys
import threading
import time

import channels
import daphne
import django
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.db import connection, models
from django.db.backends.signals import connection_created

# By default a layer drops a message for whoever has 100 waiting, or one that has waited for a minute. Here none may be lost.
NEVER_DROPS = {"capacity": 1_000_000_000, "expiry": 3_600}
REDIS_URL = os.environ.get("REDIS_URL")
IN_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": NEVER_DROPS}
IN_REDIS = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL], **NEVER_DROPS}}

settings.configure(
    CHANNEL_LAYERS={"default": IN_REDIS if REDIS_URL else IN_MEMORY},
    # By default each message would open and close the database, and commit through a journal that is slower.
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE"), "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
connection_created.connect(lambda connection, **_: connection.cursor().execute("PRAGMA journal_mode = WAL"), weak=False)


class Message(models.Model):
    room = models.CharField(max_length=100, db_index=True)
    sender = models.CharField(max_length=100)
    body = models.TextField()
    at = models.FloatField()

    class Meta:
        app_label = "chat"


class Chat(AsyncJsonWebsocketConsumer):
    async def receive_json(self, up):
        if up["t"] == "follow":
            await self.channel_layer.group_add(up["room"], self.channel_name)
            await self.send_json({"t": "following"})
        else:
            stored = await database_sync_to_async(Message.objects.create)(
                room=up["room"], sender=self.channel_name, body=up["body"], at=time.time()
            )
            told = {"t": "message", "id": stored.id, "room": stored.room, "from": stored.sender, "at": stored.at, "body": stored.body}
            await self.channel_layer.group_send(up["room"], {"type": "tell", "told": told})
            await self.send_json({"t": "posted", "id": up["id"]})

    async def tell(self, event):
        await self.send_json(event["told"])


def end_with_starter():
    """Its starter holds the other end, and ends it by letting go."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    print(f"Django Channels {channels.__version__}")
    print(f"Django {django.get_version()}, served by Daphne {daphne.__version__}")
else:
    with connection.schema_editor() as editor:
        editor.create_model(Message)
    threading.Thread(target=end_with_starter, daemon=True).start()
    application = ProtocolTypeRouter({"websocket": Chat.as_asgi()})
