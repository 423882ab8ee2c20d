"""Splink on one set, with the settings of its own examples: training and linking, clusters at 0.95.

Arguments: the name of the set, and its files. On stdout stands one object: pairwise figures of the clusters,
and the CPU seconds of this process from the loaded tables on.
"""

import collections
import json
import logging
import resource
import sys

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"


def febrl(files):
    """FEBRL's columns have blanks around names and values, and the truth in the record's name."""
    tables = []
    for file in files:
        table = pd.read_csv(file, dtype=str, skipinitialspace=True, keep_default_na=False, na_values=[""])
        table.columns = [name.strip() for name in table.columns]
        table["cluster"] = table["rec_id"].str.split("-").str[1]
        tables.append(table.rename(columns={"rec_id": "unique_id"}))
    return tables


FEBRL = {
    "read": febrl,
    "comparisons": lambda: [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ],
    "predict": [
        block_on("given_name", "surname"),
        SWAPPED,
        block_on("date_of_birth"),
        block_on("soc_sec_id"),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ],
    "sure": [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        SWAPPED + " and l.date_of_birth = r.date_of_birth",
    ],
    "recall": 0.9,
    "pairs": 1e6,
    "learn": [block_on("date_of_birth"), block_on("postcode")],
}
FAKE = {
    "read": lambda files: [pd.read_csv(files[0])],
    "comparisons": lambda: [
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ],
    "predict": [block_on("first_name", "city"), block_on("surname")],
    "sure": [
        block_on("first_name", "dob"),
        "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
        block_on("email"),
    ],
    "recall": 0.7,
    "pairs": 1e6,
    "learn": [block_on("first_name", "surname"), block_on("dob")],
}
HISTORICAL = {
    "read": lambda files: [pd.read_parquet(files[0])],
    "comparisons": lambda: [
        cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ],
    "predict": [
        block_on("full_name"),
        block_on("substr(full_name,1,6)", "dob", "birth_place"),
        block_on("dob", "birth_place"),
        block_on("dob", "postcode_fake"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "occupation"),
        block_on("first_name", "surname", "occupation"),
    ],
    "sure": [block_on("first_name", "surname", "dob")],
    "recall": 0.6,
    "pairs": 5e6,
    "learn": [block_on("first_name", "surname"), block_on("dob")],
}
SETS = {"FEBRL 4": FEBRL, "FEBRL 3": FEBRL, "historical 50k": HISTORICAL, "fake 1000": FAKE}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def linked(of, tables):
    """The cluster of each record."""
    settings = SettingsCreator(
        link_type="dedupe_only" if len(tables) == 1 else "link_only",
        blocking_rules_to_generate_predictions=of["predict"],
        comparisons=of["comparisons"](),
    )
    api = DuckDBAPI()
    blind = [api.register(table.drop(columns=["cluster"])) for table in tables]
    linker = Linker(blind if len(blind) > 1 else blind[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(of["sure"], recall=of["recall"])
    training.estimate_u_using_random_sampling(max_pairs=of["pairs"])
    for rule in of["learn"]:
        training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    return clusters.as_pandas_dataframe().set_index("unique_id")["cluster_id"]


def pairs_within(groups):
    return sum(n * (n - 1) / 2 for n in collections.Counter(groups).values())


logging.disable(logging.WARNING)
of = SETS[sys.argv[1]]
tables = of["read"](sys.argv[2:])
start = cpu()
found = linked(of, tables)
seconds = cpu() - start
truth = pd.concat(tables).set_index("unique_id")["cluster"]
both = pairs_within(zip(truth.loc[found.index], found))
precision, recall = both / pairs_within(found), both / pairs_within(truth)
print(json.dumps({"precision": precision, "recall": recall, "cpu": seconds}))
