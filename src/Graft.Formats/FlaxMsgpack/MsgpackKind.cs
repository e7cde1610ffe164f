namespace Graft.Formats;

/// <summary>The kinds of values that msgpack has.</summary>
enum MsgpackKind
{
    Nil,
    Truth,
    Integer,
    Number,
    Text,
    Binary,
    Array,
    Map,
    Extension,
}
