"""Whether a log in MongoDB is dense, by pymongo: commits, positions, and versions of streams."""

import sys
from collections import defaultdict

from pymongo import MongoClient
from pymongo.read_concern import ReadConcern

url, database = sys.argv[1:]
commits = MongoClient(url)[database].get_collection(
    "commits", read_concern=ReadConcern("majority")
)
position, versions = 0, defaultdict(int)
for number, commit in enumerate(commits.find().sort("_id", 1), start=1):
    assert commit["_id"] == number, f"commit {number} is missing"
    assert commit["p"] == position, f"position {position} is missing"
    position += commit["n"]
    if commit["n"] > 0:
        stream = commit["s"]
        assert commit["v"] == versions[stream] + 1, f"a version of {stream} is missing"
        versions[stream] += commit["n"]
print(position)
