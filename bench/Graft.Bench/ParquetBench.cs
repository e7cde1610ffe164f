using Graft.Formats;

namespace Graft.Bench;

/// <summary>CPU milliseconds to read a whole Parquet table, column by column; the peer is <c>peers/parquet.py</c>.</summary>
static class ParquetBench
{
    const int Runs = 9;

    /// <summary>The least of several runs counts, without and with every text as a string.</summary>
    public static object Run(string path)
    {
        using ParquetFile about = ParquetFile.Open(path);
        return new
        {
            rows = about.RowCount,
            read = Least(() => Read(path, asStrings: false)),
            texts = Least(() => Read(path, asStrings: true)),
        };
    }

    static double Least(Action run)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < Runs; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            run();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }
        return least;
    }

    static void Read(string path, bool asStrings)
    {
        using ParquetFile file = ParquetFile.Open(path);
        foreach (ParquetColumn column in file.Columns)
            for (int group = 0; group < file.RowGroups.Count; group++)
            {
                ParquetValues values = file.ReadColumn(group, column);
                if (!asStrings || column.Meaning != ParquetMeaning.String) continue;
                for (int i = 0; i < values.Count; i++) GC.KeepAlive(values.GetText(i));
            }
    }
}
