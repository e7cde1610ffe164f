namespace Graft.Training;

/// <summary>A number that is read off what was summed up. Several may be read off the same sums.</summary>
readonly record struct MetricValue(IMetric Sums, Func<double> Read);
