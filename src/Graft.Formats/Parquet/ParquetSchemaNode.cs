namespace Graft.Formats;

/// <summary>An element of the schema as it stands in the file: a tree, written depth first.</summary>
sealed record ParquetSchemaNode
{
    const int Repeated = 2, OldUtf8 = 0, OldMap = 1, OldMapPairs = 2, OldList = 3, OldDecimal = 5;

    /// <summary>The converted types after <see cref="OldDecimal"/>, in their order.</summary>
    static readonly (ParquetMeaning Meaning, ParquetTimeUnit Unit)[] oldMeanings =
    [
        (ParquetMeaning.Date, default), (ParquetMeaning.Time, ParquetTimeUnit.Milliseconds),
        (ParquetMeaning.Time, ParquetTimeUnit.Microseconds), (ParquetMeaning.Timestamp, ParquetTimeUnit.Milliseconds),
        (ParquetMeaning.Timestamp, ParquetTimeUnit.Microseconds), (ParquetMeaning.UInt8, default),
        (ParquetMeaning.UInt16, default), (ParquetMeaning.UInt32, default), (ParquetMeaning.UInt64, default),
        (ParquetMeaning.Int8, default), (ParquetMeaning.Int16, default), (ParquetMeaning.Int32, default),
        (ParquetMeaning.Int64, default), (ParquetMeaning.Json, default), (ParquetMeaning.Bson, default),
        (ParquetMeaning.Interval, default),
    ];

    public string Name { get; private set; } = "";

    public ParquetType? Type { get; private set; }

    public int Width { get; private set; }

    public bool IsOptional { get; private set; }

    public bool IsRepeated { get; private set; }

    public int Children { get; private set; }

    public bool IsList { get; private set; }

    public bool IsMap { get; private set; }

    public ParquetMeaning Meaning { get; private set; }

    public int Precision { get; private set; }

    public int Scale { get; private set; }

    public ParquetTimeUnit Unit { get; private set; }

    public bool IsUtc { get; private set; }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static ParquetSchemaNode Read(ref ThriftReader reader)
    {
        ParquetSchemaNode node = new();
        bool hasName = false, hasLogical = false;
        int converted = -1;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 1:
                    node.Type = ParquetFooter.Member<ParquetType>(reader.Int32(type));
                    break;
                case 2:
                    node.Width = reader.Count32(type);
                    break;
                case 3:
                    int repetition = reader.Int32(type);
                    if (repetition is < 0 or > Repeated)
                        throw new InvalidDataException($"expected a repetition from 0 to {Repeated}, found {repetition}");
                    node.IsOptional = repetition == 1;
                    node.IsRepeated = repetition == Repeated;
                    break;
                case 4:
                    node.Name = reader.Text(type);
                    hasName = true;
                    break;
                case 5:
                    node.Children = reader.Count32(type);
                    break;
                case 6:
                    converted = reader.Int32(type);
                    break;
                case 7:
                    node.Scale = reader.Count32(type);
                    break;
                case 8:
                    node.Precision = reader.Count32(type);
                    break;
                case 10:
                    node.ReadLogical(ref reader, type);
                    hasLogical = true;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        if (!hasName) throw new InvalidDataException("expected a name of each schema element, found none");
        node.IsList |= converted == OldList;
        node.IsMap |= converted is OldMap or OldMapPairs;
        if (!hasLogical) node.SetConverted(converted);
        if (node.Type is not null) node.Check();
        return node;
    }

    void SetConverted(int converted)
    {
        switch (converted)
        {
            case OldUtf8:
                Meaning = ParquetMeaning.String;
                break;
            case 4:
                Meaning = ParquetMeaning.Enum;
                break;
            case OldDecimal:
                Meaning = ParquetMeaning.Decimal;
                break;
            case > OldDecimal when converted - OldDecimal - 1 < oldMeanings.Length:
                (Meaning, Unit) = oldMeanings[converted - OldDecimal - 1];
                IsUtc = Unit != ParquetTimeUnit.None;
                break;
        }
    }

    void ReadLogical(ref ThriftReader reader, ThriftType type)
    {
        reader.Enter(type);
        for (short id = 0; reader.Next(ref id, out ThriftType field);)
        {
            reader.Enter(field);
            Meaning = id switch
            {
                1 => ParquetMeaning.String,
                2 or 3 => ParquetMeaning.Plain,
                4 => ParquetMeaning.Enum,
                5 => ParquetMeaning.Decimal,
                6 => ParquetMeaning.Date,
                7 => ParquetMeaning.Time,
                8 => ParquetMeaning.Timestamp,
                10 => ParquetMeaning.Int32,
                11 => ParquetMeaning.Null,
                12 => ParquetMeaning.Json,
                13 => ParquetMeaning.Bson,
                14 => ParquetMeaning.Uuid,
                15 => ParquetMeaning.Half,
                _ => ParquetMeaning.Other,
            };
            IsMap |= id == 2;
            IsList |= id == 3;
            if (Meaning == ParquetMeaning.Decimal) ReadDecimal(ref reader);
            else if (Meaning is ParquetMeaning.Time or ParquetMeaning.Timestamp) ReadTime(ref reader);
            else if (Meaning == ParquetMeaning.Int32) ReadInteger(ref reader);
            else reader.Skip(ThriftType.Struct);
        }
    }

    void ReadDecimal(ref ThriftReader reader)
    {
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            if (id == 1) Scale = reader.Count32(type);
            else if (id == 2) Precision = reader.Count32(type);
            else reader.Skip(type);
    }

    void ReadTime(ref ThriftReader reader)
    {
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
        {
            if (id == 1) IsUtc = ThriftReader.Boolean(type);
            else if (id == 2)
            {
                reader.Enter(type);
                for (short unit = 0; reader.Next(ref unit, out ThriftType inner); reader.Skip(inner))
                    Unit = unit switch
                    {
                        1 => ParquetTimeUnit.Milliseconds,
                        2 => ParquetTimeUnit.Microseconds,
                        3 => ParquetTimeUnit.Nanoseconds,
                        _ => throw new InvalidDataException($"expected a unit of time from 1 to 3, found {unit}"),
                    };
            }
            else reader.Skip(type);
        }
    }

    void ReadInteger(ref ThriftReader reader)
    {
        int bits = 32;
        bool signed = true;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            if (id == 1) bits = reader.Int32(type);
            else if (id == 2) signed = ThriftReader.Boolean(type);
            else reader.Skip(type);
        Meaning = bits switch
        {
            8 => signed ? ParquetMeaning.Int8 : ParquetMeaning.UInt8,
            16 => signed ? ParquetMeaning.Int16 : ParquetMeaning.UInt16,
            32 => signed ? ParquetMeaning.Int32 : ParquetMeaning.UInt32,
            64 => signed ? ParquetMeaning.Int64 : ParquetMeaning.UInt64,
            _ => throw new InvalidDataException($"expected whole numbers of 8, 16, 32 or 64 bits, found {bits}"),
        };
    }

    /// <summary>A leaf's meaning must fit what is stored.</summary>
    void Check()
    {
        if (Type == ParquetType.Int96 && Meaning == ParquetMeaning.Plain)
            (Meaning, Unit) = (ParquetMeaning.Timestamp, ParquetTimeUnit.Nanoseconds);
        bool fits = Meaning switch
        {
            ParquetMeaning.Plain or ParquetMeaning.Null or ParquetMeaning.Other => true,
            ParquetMeaning.String or ParquetMeaning.Enum or ParquetMeaning.Json or ParquetMeaning.Bson =>
                Type == ParquetType.Bytes,
            ParquetMeaning.Uuid => Type == ParquetType.FixedBytes && Width == 16,
            ParquetMeaning.Half => Type == ParquetType.FixedBytes && Width == 2,
            ParquetMeaning.Interval => Type == ParquetType.FixedBytes && Width == 12,
            ParquetMeaning.Date => Type == ParquetType.Int32,
            ParquetMeaning.Time => Type == (Unit == ParquetTimeUnit.Milliseconds ? ParquetType.Int32 : ParquetType.Int64),
            ParquetMeaning.Timestamp => Type is ParquetType.Int64 or ParquetType.Int96,
            ParquetMeaning.Decimal =>
                Type is ParquetType.Int32 or ParquetType.Int64 or ParquetType.Bytes or ParquetType.FixedBytes && Scale <= 10_000,
            ParquetMeaning.Int64 or ParquetMeaning.UInt64 => Type == ParquetType.Int64,
            _ => Type == ParquetType.Int32,
        };
        fits &= Unit != ParquetTimeUnit.None || Meaning is not (ParquetMeaning.Time or ParquetMeaning.Timestamp);
        if (!fits) throw new InvalidDataException($"column {Name}: expected a type that {Meaning} can be, found {Type}");
        if (Type == ParquetType.FixedBytes && Width == 0)
            throw new InvalidDataException($"column {Name}: expected a length of its values, found 0");
    }
}
