namespace Graft.Imaging;

/// <summary>
/// Random numbers of one sample: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2,
/// 3"),
/// a counter-based generator. Its key is the seed, its counter holds the epoch, the sample and the number of the block, so what a
/// sample draws depends on nothing else: not on the order of samples nor on the number of workers. Pass it by reference: a copy
/// draws the same numbers again.
/// </summary>
public struct SampleRandom
{
    readonly uint key0, key1, epoch, sampleLow, sampleHigh;
    uint block, word0, word1, word2, word3;
    int left;

    /// <summary>The generator of one sample in one epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch; what is above 32 bits is mixed into the key.</param>
    /// <param name="sample">Index of the sample in its data set.</param>
    public SampleRandom(ulong seed, ulong epoch, ulong sample)
    {
        key0 = (uint)seed;
        key1 = (uint)(seed >> 32) ^ (uint)(epoch >> 32) * 0x9E3779B9;
        this.epoch = (uint)epoch;
        sampleLow = (uint)sample;
        sampleHigh = (uint)(sample >> 32);
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (left == 0)
        {
            (word0, word1, word2, word3) = Philox((block++, epoch, sampleLow, sampleHigh), (key0, key1));
            left = 4;
        }
        return left-- switch
        {
            4 => word0,
            3 => word1,
            2 => word2,
            _ => word3,
        };
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => NextUInt32() | (ulong)NextUInt32() << 32;

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [minimum, maximum).</summary>
    public double Uniform(double minimum, double maximum) => minimum + (maximum - minimum) * NextDouble();

    /// <summary>Uniform in 0 .. max - 1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">max is not positive.</exception>
    public int Next(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        uint range = (uint)max;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>True with probability p; always for 1, never for 0.</summary>
    public bool Chance(float p) => NextSingle() < p;

    /// <summary>One block of Philox4x32 with 10 rounds.</summary>
    internal static (uint, uint, uint, uint) Philox((uint, uint, uint, uint) counter, (uint, uint) key)
    {
        (uint a, uint b, uint c, uint d) = counter;
        (uint k0, uint k1) = key;
        for (int round = 0; round < 10; round++)
        {
            ulong first = 0xD2511F53ul * a, second = 0xCD9E8D57ul * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ k0, (uint)second, (uint)(first >> 32) ^ d ^ k1, (uint)first);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (a, b, c, d);
    }
}
