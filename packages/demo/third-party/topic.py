"""What a topic has, read by librdkafka: JSON lines, the value and what stands beside it."""

import base64
import json
import sys

from confluent_kafka import Consumer, TopicPartition

brokers, topic = sys.argv[1:]
consumer = Consumer(
    {"bootstrap.servers": brokers, "group.id": "third-party", "auto.offset.reset": "earliest"}
)
places = [TopicPartition(topic, p) for p in consumer.list_topics(topic, 20).topics[topic].partitions]
left = sum(high - low for low, high in (consumer.get_watermark_offsets(p, 20) for p in places))
consumer.assign(places)
for _ in range(left):
    message = consumer.poll(20)
    if message is None or message.error():
        sys.exit(f"{topic}: {message and message.error()}")
    line = {
        "key": message.key().decode(),
        "value": base64.b64encode(message.value()).decode(),
        "headers": {name: value.decode() for name, value in message.headers()},
    }
    print(json.dumps(line))
consumer.close()
