namespace Graft.Formats;

/// <summary>Kinds of pages; the numbers are those of the specification.</summary>
enum ParquetPageKind
{
    Data,
    Index,
    Dictionary,
    DataV2,
}
