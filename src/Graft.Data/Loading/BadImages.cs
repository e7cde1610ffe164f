namespace Graft.Data;

/// <summary>
/// The images of one data set that could not be read: each is named and counted once, however many epochs meet it, and its place
/// in the batch stays out. Too many of them stop the run. Safe to use from several threads.
/// </summary>
public sealed class BadImages
{
    readonly Lock gate = new();
    readonly List<BadImage> items = [];
    readonly HashSet<string> paths = new(StringComparer.Ordinal);

    /// <summary>An empty collection.</summary>
    /// <param name="limit">The share of a data set that may be bad. <value>0.05.</value></param>
    public BadImages(double limit = 0.05)
    {
        if (!(limit >= 0 && limit <= 1))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "expected a share from 0 to 1");
        Limit = limit;
    }

    /// <summary>The share of a data set that may be bad.</summary>
    public double Limit { get; }

    /// <summary>Told of each bad image when it is first met, on the thread that consumes the batches.</summary>
    public event Action<BadImage>? Found;

    /// <summary>How many images were bad.</summary>
    public int Count
    {
        get
        {
            lock (gate) return items.Count;
        }
    }

    /// <summary>The bad images so far, in the order in which they were met.</summary>
    public IReadOnlyList<BadImage> Items
    {
        get
        {
            lock (gate) return [.. items];
        }
    }

    /// <summary>Notes a bad image; one that is known already is not counted again.</summary>
    public void Report(string path, string reason)
    {
        BadImage item = new(path, reason);
        lock (gate)
        {
            if (!paths.Add(path)) return;
            items.Add(item);
        }
        Found?.Invoke(item);
    }

    /// <summary>Stops the run when more than the limit of a data set was bad.</summary>
    /// <param name="total">The number of images in the data set.</param>
    /// <exception cref="InvalidDataException">There are too many; the message has the first few names and reasons.</exception>
    public void ThrowIfTooMany(int total)
    {
        const int Shown = 3;
        BadImage[] first;
        int count;
        lock (gate)
        {
            count = items.Count;
            if (count <= Limit * total) return;
            first = [.. items.Take(Shown)];
        }
        string named = string.Join("; ", first.AsEnumerable()), more = count > Shown ? $"; and {count - Shown} more" : "";
        throw new InvalidDataException(FormattableString.Invariant(
            $"{count} of {total} images can't be read, more than the {Limit:0.##%} that are skipped: {named}{more}. ")
            + "Repair or remove them.");
    }

    /// <summary>What to say of a bad image beside its path.</summary>
    public static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "access denied",
        _ => error.Message.ReplaceLineEndings(" "),
    };

    /// <summary>Whether an exception says that one image is bad, rather than that the program or the machine is.</summary>
    public static bool IsAbout(Exception error) =>
        error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException;
}
