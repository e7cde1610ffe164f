namespace Graft.Imaging.Tests;

public class SampleRandomTests
{
    [Fact]
    public void PhiloxGivesThePublishedNumbers()
    {
        // known answers of the Random123 distribution, philox4x32 with 10 rounds
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), SampleRandom.Philox((0, 0, 0, 0), (0, 0)));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            SampleRandom.Philox((uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue), (uint.MaxValue, uint.MaxValue)));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            SampleRandom.Philox((0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344), (0xa4093822, 0x299f31d0)));
    }

    [Fact]
    public void EachKeyHasItsOwnNumbers()
    {
        HashSet<uint> seen = [];
        for (ulong seed = 0; seed < 4; seed++)
            for (ulong epoch = 0; epoch < 4; epoch++)
                for (ulong sample = 0; sample < 64; sample++)
                {
                    SampleRandom random = new(seed, epoch, sample);
                    for (int i = 0; i < 9; i++) seen.Add(random.NextUInt32());
                }
        Assert.InRange(seen.Count, 4 * 4 * 64 * 9 - 10, 4 * 4 * 64 * 9);
        SampleRandom one = new(1, 2, 3), same = new(1, 2, 3), far = new(1, 2 + (1ul << 32), 3);
        Assert.Equal(one.NextUInt64(), same.NextUInt64());
        Assert.NotEqual(new SampleRandom(1, 2, 3).NextUInt64(), far.NextUInt64());
    }

    [Fact]
    public void NumbersAreUniformAndInRange()
    {
        SampleRandom random = new(7, 0, 0);
        int[] counts = new int[10];
        double sum = 0;
        int yes = 0;
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.Next(10)]++;
            double value = random.NextDouble();
            float single = random.NextSingle();
            Assert.InRange(value, 0, 1 - 1e-16);
            Assert.InRange(single, 0f, 0.99999995f);
            sum += value;
            if (random.Chance(0.25f)) yes++;
        }
        Assert.All(counts, count => Assert.InRange(count, 9600, 10400));
        Assert.Equal(0.5, sum / 100_000, 0.005);
        Assert.InRange(yes, 24_500, 25_500);
        for (int i = 0; i < 100; i++) Assert.True(random.Chance(1) && !random.Chance(0) && random.Next(1) == 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleRandom(1, 1, 1).Next(0));
    }
}
