"""A client that shares nothing with Jejak: it learns the API by reflection, and checks receipts itself.

client.py ADDRESS AGENCY_TOKEN VKEY ASSESSOR_ID ASN_ID...  prints what it saw as one JSON object.
"""

import base64
import hashlib
import json
import sys
import uuid

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status

address, token, vkey, assessor, *people = sys.argv[1:]
streamed = 1_000
metadata = (("authorization", f"Bearer {token}"),)
channel = grpc.insecure_channel(address)
reflection = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(reflection)


def message(name):
    return GetMessageClass(pool.FindMessageTypeByName(name))


Request = message("jejak.assessment.v1.SubmitAssessmentRequest")
Response = message("jejak.assessment.v1.SubmitAssessmentResponse")
Item = message("jejak.assessment.v1.SubmitAssessmentsRequest")
Answer = message("jejak.assessment.v1.SubmitAssessmentsResponse")
service = "/jejak.assessment.v1.AssessmentService/"
submit = channel.unary_unary(
    service + "SubmitAssessment", Request.SerializeToString, Response.FromString
)
submit_all = channel.stream_stream(
    service + "SubmitAssessments", Item.SerializeToString, Answer.FromString
)


def assessment(kind, person, **other):
    made = kind(request_id=str(uuid.uuid4()))
    values = {
        "asn_id": person,
        "framework": "permenpanrb-38-2017",
        "competency": "integritas",
        "level": 3,
        "method": "uji-kompetensi",
        "phase": 1,
        "assessor_id": assessor,
        "occurred_on": "2026-01-05",
    } | other
    for name, value in values.items():
        setattr(made.assessment, name, value)
    made.assessment.evidence.add(sha256=hashlib.sha256(b"evidence").hexdigest())
    return made


def root_of(leaf, index, size, proof):
    """RFC 9162 section 2.1.3.2: the root that an inclusion proof leads to."""
    node, last = leaf, size - 1
    for sibling in proof:
        if index % 2 == 1 or index == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        index, last = index // 2, last // 2
    assert last == 0, "the proof is too short"
    return node


def verify(entry, receipt):
    """Checks a c2sp.org/tlog-proof@v1 to the signature under the log's key."""
    head, note = receipt.split("\n\n", 1)
    first, index, *proof = head.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    text, signatures = note.split("\n\n", 1)
    origin, size, root = text.split("\n")[:3]
    name, key_id, key = vkey.split("+", 2)
    assert origin == name
    line = signatures.split("\n")[0].split(" ")
    signature = base64.b64decode(line[2])
    assert line[1] == name and signature[:4].hex() == key_id
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
    public.verify(signature[4:], (text + "\n").encode())
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    siblings = [base64.b64decode(hash) for hash in proof]
    position = int(index.removeprefix("index "))
    assert root_of(leaf, position, int(size), siblings) == base64.b64decode(root)
    return json.loads(entry)


def failure(call):
    """The code of a failed call, its stable reason and the fields that it names."""
    try:
        call()
    except grpc.RpcError as error:
        found = {"code": error.code().name, "reason": "", "fields": []}
        for detail in rpc_status.from_call(error).details:
            for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest):
                if detail.Is(kind.DESCRIPTOR):
                    unpacked = kind()
                    detail.Unpack(unpacked)
                    if kind is error_details_pb2.ErrorInfo:
                        found["reason"] = unpacked.reason
                    else:
                        found["fields"] = [it.field for it in unpacked.field_violations]
        return found
    raise AssertionError("it was not refused")


one = assessment(Request, people[0])
stored = submit(one, metadata=metadata)
event = verify(stored.recorded.entries[0], stored.recorded.receipts[0])
again = submit(one, metadata=metadata)

items = [assessment(Item, people[i % len(people)]) for i in range(streamed)]
items[7].assessment.level = 9
answers = {it.request_id: it for it in submit_all(iter(items), metadata=metadata)}
recorded = [it.recorded for it in answers.values() if it.WhichOneof("outcome") == "recorded"]
for it in recorded:
    verify(it.entries[0], it.receipts[0])

wrong = assessment(Request, people[0], level=9, competency="integritass", occurred_on="2999-01-01")
print(
    json.dumps(
        {
            "services": sorted(reflection.get_services()),
            "event": event,
            "repeated": again.recorded.repeated
            and list(again.recorded.entries) == list(stored.recorded.entries),
            "answered": len(answers),
            "recorded": len(recorded),
            "refused": answers[items[7].request_id].refused.message,
            "wrong": failure(lambda: submit(wrong, metadata=metadata)),
            "nobody": failure(lambda: submit(one)),
        }
    )
)
