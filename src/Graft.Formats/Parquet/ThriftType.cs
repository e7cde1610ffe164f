namespace Graft.Formats;

/// <summary>Types of Thrift's compact protocol (apache/thrift, doc/specs/thrift-compact-protocol.md).</summary>
enum ThriftType
{
    Stop,
    True,
    False,
    Int8,
    Int16,
    Int32,
    Int64,
    Double,
    Binary,
    List,
    Set,
    Map,
    Struct,
}
