using Graft.Imaging;

namespace Graft.Data.Tests;

/// <summary>A folder of drawn images, deleted at the end.</summary>
sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Path = Directory.CreateTempSubdirectory("graft data é ").FullName;

    public string Path { get; }

    /// <summary>Draws an image that no other seed gives, below the folder.</summary>
    public ScratchFolder Draw(string name, int seed = 0, int width = 40, int height = 32)
    {
        using Image image = new(width, height);
        SampleRandom random = new((ulong)seed, 0, (ulong)name.Length);
        (int red, int green, int blue) = (random.Next(200), random.Next(200), random.Next(200));
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                row[x * 3] = (byte)(red + x);
                row[x * 3 + 1] = (byte)(green + y);
                row[x * 3 + 2] = (byte)(blue + (x + y) % 50);
            }
        }
        bool jpeg = name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase);
        return Write(name, jpeg ? ImageCodec.EncodeJpeg(image) : ImageCodec.EncodePng(image));
    }

    public ScratchFolder Write(string name, byte[] bytes)
    {
        string path = Full(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    public ScratchFolder Make(string folder)
    {
        Directory.CreateDirectory(Full(folder));
        return this;
    }

    /// <summary>So many images of each class: <c>class/000.png</c>, ...</summary>
    public ScratchFolder Fill(string below, int each, params string[] classes)
    {
        int seed = 0;
        foreach (string name in classes)
            for (int i = 0; i < each; i++)
                Draw(System.IO.Path.Combine(below, name, $"{i:000}.png"), ++seed, width: 30 + seed % 20, height: 30 + seed % 11);
        return this;
    }

    public string Full(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
