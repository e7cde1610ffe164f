using System.Globalization;
using System.Net;

namespace Graft.Models;

/// <summary>
/// Fetches a file into <c>.incomplete</c>, which stays when it is stopped and is gone on with next time; what is complete and has
/// the right hash gets its name at once.
/// </summary>
sealed class FileDownload(HubSettings settings, WebClient web, IDownloadProgress? progress, CancellationToken cancellation)
{
    const int NoSpace = 28, NoQuota = 122; // ENOSPC, EDQUOT

    /// <summary>The bytes that came over the wire.</summary>
    public long Fetched { get; private set; }

    /// <exception cref="HubException">It cannot be had, or not whole, or not as it must be.</exception>
    public async Task FetchAsync(RemoteFile file, string incomplete, string destination)
    {
        try
        {
            await FetchRightAsync(file, incomplete).ConfigureAwait(false);
            File.Move(incomplete, destination, overwrite: true);
        }
        finally
        {
            progress?.Finished(file.Name);
        }
    }

    async Task FetchRightAsync(RemoteFile file, string incomplete)
    {
        for (bool again = false; ; again = true)
        {
            await CompleteAsync(file, incomplete).ConfigureAwait(false);
            if (file.Hash.Mismatch(incomplete, cancellation) is not { } found) return;
            File.Delete(incomplete);
            string wrong = $"{file.Name}: expected content whose hash begins with {Start(file.Hash.Expected)}, " +
                $"{WebClient.Host(file.Address)} gave {Start(found)}";
            if (again) throw new HubException($"{wrong}, twice: what lies between, or the server, changes it. Nothing was kept.");
            progress?.Note($"{wrong}: thrown away, fetching it once more");
        }
    }

    static string Start(string hash) => hash[..Math.Min(12, hash.Length)];

    async Task CompleteAsync(RemoteFile file, string incomplete)
    {
        using var stream = new FileStream(incomplete, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        });
        long? size = file.Size;
        if (stream.Length > size) stream.SetLength(0);
        stream.Position = stream.Length;
        progress?.Started(file.Name, size, stream.Length);
        for (int failures = 0; ;)
        {
            if (stream.Length == size) break;
            RequireSpace(file, stream, size);
            long before = stream.Length;
            string problem;
            try
            {
                (bool done, size, problem) = await PartAsync(file, stream, size).ConfigureAwait(false);
                if (done) break;
            }
            catch (HttpIOException error)
            {
                problem = "the connection broke: " + WebClient.Reason(error);
            }
            catch (IOException error) when (error is not HubException && error.HResult is NoSpace or NoQuota)
            {
                throw Full(file, stream, size, error);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                problem = string.Create(
                    CultureInfo.InvariantCulture, $"nothing came for {settings.StallTimeout.TotalSeconds:0.##} s");
            }
            string whole = size?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of";
            problem += $", after {stream.Length} of {whole} bytes";
            failures = stream.Length > before ? 1 : failures + 1;
            if (failures > settings.Retries)
                throw new HubException(
                    $"{file.Name}: {WebClient.Host(file.Address)}: {problem}. What came is kept: start again to go on.");
            await web.WaitAsync(file.Name, problem, failures, null, cancellation).ConfigureAwait(false);
        }
        stream.Flush(flushToDisk: true);
    }

    /// <summary>One answer's worth.</summary>
    async Task<(bool Done, long? Size, string Problem)> PartAsync(RemoteFile file, FileStream stream, long? size)
    {
        using HttpResponseMessage response = await web.AskAsync(
            file.Name, HttpMethod.Get, file.Address, stream.Length, _ => true, settings.Retries, cancellation)
            .ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && stream.Length > 0)
        {
            // the part is no start of that file, or is all of it
            if (response.Content.Headers.ContentRange?.Length == stream.Length) return (true, stream.Length, "");
            Restart(stream);
            return (false, size, "the server has no such part");
        }
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw new HubException($"{file.Name}: expected a file at {Shown(response)}, got {WebClient.Describe(response)}.");
        if (response.Content.Headers.ContentEncoding.Any(one => one != "identity"))
            throw new HubException($"{file.Name}: expected plain bytes, {Shown(response)} sends them compressed.");
        long start = 0;
        if (response.StatusCode == HttpStatusCode.PartialContent)
            start = response.Content.Headers.ContentRange?.From ?? -1;
        if (start != stream.Length)
        {
            // a server without ranges sends all of it
            Restart(stream);
            if (start != 0) return (false, size, "the server sent another part than was asked for");
        }
        long? told = response.StatusCode == HttpStatusCode.PartialContent
            ? response.Content.Headers.ContentRange!.Length : response.Content.Headers.ContentLength;
        if (size is not null && told is not null && told != size)
            throw new HubException($"{file.Name}: expected {size} bytes, {Shown(response)} has {told}.");
        size ??= told;
        await CopyAsync(file, response, stream, size).ConfigureAwait(false);
        return (size is null || stream.Length == size, size, "the connection ended");
    }

    async Task CopyAsync(RemoteFile file, HttpResponseMessage response, FileStream stream, long? size)
    {
        byte[] buffer = new byte[128 << 10];
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(settings.StallTimeout);
        using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        while (true)
        {
            stall.CancelAfter(settings.StallTimeout);
            int read = await ReadAsync(body, buffer, stall.Token).ConfigureAwait(false);
            if (read == 0) return;
            if (stream.Length + read > size)
                throw new HubException($"{file.Name}: expected {size} bytes, {Shown(response)} sends more.");
            stream.Write(buffer, 0, read);
            Fetched += read;
            progress?.Advanced(file.Name, stream.Length, size);
        }
    }

    /// <summary>Errors of the connection, told apart from those of the disk.</summary>
    static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken stall)
    {
        try
        {
            return await body.ReadAsync(buffer, stall).ConfigureAwait(false);
        }
        catch (IOException error) when (error is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, error.Message, error);
        }
    }

    static void Restart(FileStream stream)
    {
        stream.SetLength(0);
        stream.Position = 0;
    }

    static string Shown(HttpResponseMessage response)
    {
        // signed addresses have long queries, which are nobody's business
        Uri address = response.RequestMessage!.RequestUri!;
        return address.GetLeftPart(UriPartial.Path);
    }

    void RequireSpace(RemoteFile file, FileStream stream, long? size)
    {
        if (size is not { } whole) return;
        long free;
        try
        {
            free = settings.FreeBytes(Path.GetDirectoryName(stream.Name)!);
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return; // some file systems don't say
        }
        if (free < whole - stream.Length) throw Full(file, stream, size, null);
    }

    static HubException Full(RemoteFile file, FileStream stream, long? size, Exception? error) => new(
        $"{file.Name}: no space left in {Path.GetDirectoryName(stream.Name)}: " +
        $"{(size is { } whole ? Math.Max(0, whole - stream.Length) : "more")} bytes are still to come. " +
        "Make room, or set HF_HOME (TORCH_HOME for torchvision's) to another disk. What came is kept.", error);
}
