using System.Text.Json;
using System.Text.Json.Serialization;

namespace Graft.Training;

/// <summary>What the epochs of a run came to, over its resumes.</summary>
sealed class EpochHistory : IStateful
{
    static readonly JsonSerializerOptions options =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    readonly List<EpochRecord> records = [];

    public string Key => "epochs";

    public IReadOnlyList<EpochRecord> Records => records;

    public void Add(EpochRecord epoch) => records.Add(epoch);

    public void Save(StateWriter to) => to.Write("records", JsonSerializer.Serialize(records, options));

    public void Load(StateReader from)
    {
        records.Clear();
        records.AddRange(JsonSerializer.Deserialize<List<EpochRecord>>(from.Text("records"), options) ?? []);
    }
}
