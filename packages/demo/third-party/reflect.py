"""Calls a service with what its reflection says of it, and with nothing of ours.

reflect.py ADDRESS TOKEN METHOD JSON  prints the services, the health and the answer as JSON.
"""

import json
import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, Parse
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

address, token, method, request = sys.argv[1:]
channel = grpc.insecure_channel(address)
reflection = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(reflection)


def call(method, request, metadata=()):
    service, name = method.rsplit("/", 1)
    found = pool.FindServiceByName(service).FindMethodByName(name)
    of, to = GetMessageClass(found.input_type), GetMessageClass(found.output_type)
    rpc = channel.unary_unary(f"/{method}", of.SerializeToString, to.FromString)
    return MessageToDict(rpc(Parse(request, of()), metadata=metadata, timeout=10))


print(
    json.dumps(
        {
            "services": list(reflection.get_services()),
            "health": call("grpc.health.v1.Health/Check", "{}"),
            "answer": call(method, request, (("authorization", f"Bearer {token}"),)),
        }
    )
)
