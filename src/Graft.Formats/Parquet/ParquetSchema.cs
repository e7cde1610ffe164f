namespace Graft.Formats;

/// <summary>From the schema's tree to its leaves, which are the columns.</summary>
sealed class ParquetSchema
{
    const int MaxDepth = 64;

    readonly IReadOnlyList<ParquetSchemaNode> nodes;
    readonly List<ParquetColumn> columns = [];
    int at;

    ParquetSchema(IReadOnlyList<ParquetSchemaNode> nodes) => this.nodes = nodes;

    /// <summary>A place in the tree: what the names and levels are so far.</summary>
    readonly record struct Place(string Name, string Path, int Depth, int Definition, int Repetition, int ListDefinition);

    /// <exception cref="InvalidDataException">The nodes are not a tree.</exception>
    public static ParquetColumn[] Columns(IReadOnlyList<ParquetSchemaNode> nodes)
    {
        if (nodes.Count == 0) throw new InvalidDataException("expected a schema, found none");
        ParquetSchema schema = new(nodes) { at = 1 };
        for (int i = 0; i < nodes[0].Children; i++) schema.Visit(default, isPlumbing: false);
        if (schema.at != nodes.Count)
            throw new InvalidDataException($"expected a schema of {schema.at} elements by its own counts, found {nodes.Count}");
        return [.. schema.columns];
    }

    void Visit(Place place, bool isPlumbing)
    {
        if (at >= nodes.Count)
            throw new InvalidDataException(
                $"expected more than {nodes.Count} schema elements by their own counts, found no more");
        if (place.Depth >= MaxDepth)
            throw new InvalidDataException($"expected a schema {MaxDepth} deep at most, found a deeper one");
        ParquetSchemaNode node = nodes[at++];
        int definition = place.Definition + (node.IsOptional || node.IsRepeated ? 1 : 0);
        Place here = new(
            isPlumbing ? place.Name : Join(place.Name, node.Name), Join(place.Path, node.Name), place.Depth + 1,
            definition, place.Repetition + (node.IsRepeated ? 1 : 0), node.IsRepeated ? definition : place.ListDefinition);
        if (node.Type is null || node.Children > 0)
        {
            for (int i = 0; i < node.Children; i++) Visit(here, IsPlumbing(node, isPlumbing));
            return;
        }
        columns.Add(new()
        {
            Index = columns.Count,
            Name = here.Name,
            Path = here.Path,
            Type = node.Type.Value,
            Meaning = node.Meaning,
            Width = node.Type == ParquetType.FixedBytes ? node.Width : 0,
            Precision = node.Precision,
            Scale = node.Scale,
            Unit = node.Unit,
            IsUtc = node.IsUtc,
            MaxDefinition = here.Definition,
            MaxRepetition = here.Repetition,
            ListDefinition = here.ListDefinition,
        });
    }

    /// <summary>
    /// Whether a node's child is there only because lists are written as <c>name.list.element</c>, maps as
    /// <c>name.key_value.key</c>: the repeated child, and of a list that child's own child where it is the only one.
    /// </summary>
    bool IsPlumbing(ParquetSchemaNode node, bool isPlumbing)
    {
        if (node.IsList || node.IsMap) return node.Children == 1;
        return isPlumbing && node.IsRepeated && node.Children == 1
            && !(nodes[at - 1].Name is "array" || nodes[at - 1].Name.EndsWith("_tuple", StringComparison.Ordinal));
    }

    static string Join(string? before, string name) => string.IsNullOrEmpty(before) ? name : $"{before}.{name}";
}
