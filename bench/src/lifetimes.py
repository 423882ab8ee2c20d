"""The peer for models of buying: lifetimes from PyPI, with the settings of its own documentation."""
import resource
import sys
import time
import warnings

import lifetimes
import pandas
from lifetimes import BetaGeoFitter
from lifetimes.generate_data import beta_geometric_nbd_model

warnings.filterwarnings("ignore")


def fit(table):
    began = time.process_time()
    model = BetaGeoFitter(penalizer_coef=0.0)
    model.fit(table["frequency"], table["recency"], table["T"])
    return time.process_time() - began, model.params_


table = pandas.read_csv(sys.argv[1])
fit(table)
taken, found = min((fit(table) for _ in range(3)), key=lambda one: one[0])
print(f"lifetimes {lifetimes.__version__} on the CDNOW sample: {taken * 1e3:.0f} ms CPU,", end=" ")
print(", ".join(f"{name} {value:.4f}" for name, value in found.items()))
customers = int(sys.argv[2])
crowd = beta_geometric_nbd_model(39, 0.24, 4.4, 0.79, 2.43, size=min(customers, 20000))
crowd = pandas.concat([crowd] * -(-customers // len(crowd)), ignore_index=True)[:customers]
held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
taken, _ = fit(crowd)
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"lifetimes on {customers} simulated customers: {taken:.1f} s CPU, {(most - held) // 1024} MB beyond them")
