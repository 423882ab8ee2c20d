"""Splink on the historical figures: training and linking, clusters at 0.95, CPU of this process."""

import collections
import logging
import resource
import sys

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.WARNING)
people = pd.read_parquet(sys.argv[1])
start = resource.getrusage(resource.RUSAGE_SELF)
rules = [
    block_on("full_name"),
    block_on("substr(full_name,1,6)", "dob", "birth_place"),
    block_on("dob", "birth_place"),
    block_on("dob", "postcode_fake"),
    block_on("postcode_fake", "first_name"),
    block_on("postcode_fake", "surname"),
    block_on("dob", "occupation"),
    block_on("first_name", "surname", "occupation"),
]
settings = SettingsCreator(
    link_type="dedupe_only",
    blocking_rules_to_generate_predictions=rules,
    comparisons=[
        cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ],
)
linker = Linker(DuckDBAPI().register(people.drop(columns=["cluster"])), settings)
linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname", "dob")], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
pairs = linker.inference.predict(threshold_match_probability=0.5)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
found = clusters.as_pandas_dataframe().set_index("unique_id")["cluster_id"]
end = resource.getrusage(resource.RUSAGE_SELF)
truth = people.set_index("unique_id")["cluster"]


def count(groups):
    return sum(n * (n - 1) / 2 for n in collections.Counter(groups).values())


both = count(zip(truth.loc[found.index], found))
precision, recall = both / count(found), both / count(truth)
cpu = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
f1 = 2 * precision * recall / (precision + recall)
print(f"peer, historical 50k: precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}; {cpu:.2f} s CPU")
