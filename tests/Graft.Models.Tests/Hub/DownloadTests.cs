using System.Diagnostics;

namespace Graft.Models.Tests.Hub;

/// <summary>Servers and connections that fail.</summary>
public sealed class DownloadTests : IDisposable
{
    readonly HubFixture fixture = new();

    string Incomplete => fixture.Blob(HubFixture.Weights) + ".incomplete";

    public void Dispose() => fixture.Dispose();

    void AssertComplete()
    {
        Assert.Equal(HubFixture.Weights, File.ReadAllBytes(fixture.Blob(HubFixture.Weights)));
        Assert.False(File.Exists(Incomplete));
    }

    string[] Ranges => [.. fixture.Hub.Store.Requests.Select(request => request["Range"] ?? "")];

    [Fact]
    public void A_truncated_download_goes_on_where_it_ended()
    {
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 20_000 });
        fixture.Fetch();
        AssertComplete();
        Assert.Equal(["", "bytes=20000-"], Ranges);
        Assert.Contains("after 20000 of 50000 bytes; trying again", fixture.Notes);
    }

    [Fact]
    public void A_download_that_stands_still_is_asked_for_again()
    {
        fixture.Settings = fixture.Settings with { StallTimeout = TimeSpan.FromSeconds(0.25) };
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 20_000, Hangs = true });
        fixture.Fetch();
        AssertComplete();
        Assert.Contains("nothing came for 0.25 s, after 20000 of 50000", fixture.Notes);
    }

    [Fact]
    public void A_slow_server_that_does_not_stop_is_waited_for()
    {
        fixture.Settings = fixture.Settings with { StallTimeout = TimeSpan.FromSeconds(0.4) };
        fixture.Hub.Store.Next((request, content) =>
            FileStore.Whole(request, content) with { Piece = 4000, Pause = TimeSpan.FromMilliseconds(50) });
        fixture.Fetch();
        AssertComplete();
        Assert.Single(Ranges);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_given_up()
    {
        fixture.Settings = fixture.Settings with { AnswerTimeout = TimeSpan.FromMilliseconds(80), Retries = 2 };
        fixture.Hub.When(_ => true, _ => WebAnswer.Json("{}") with { Delay = TimeSpan.FromSeconds(5) });
        Assert.Contains("no answer within 0.08 s", fixture.Refused());
        Assert.Equal(3, fixture.Hub.Lines.Count);
    }

    [Fact]
    public void What_an_earlier_try_left_is_gone_on_with()
    {
        fixture.Settings = fixture.Settings with { Retries = 1 };
        for (int i = 0; i < 3; i++)
            fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 9_000 });
        fixture.Hub.Store.Next((_, _) => new WebAnswer(403, "Forbidden"));
        Assert.Contains("403 Forbidden", fixture.Refused());
        long kept = new FileInfo(Incomplete).Length;
        Assert.InRange(kept, 1, 49_999);
        Assert.False(File.Exists(fixture.Blob(HubFixture.Weights)));

        Assert.Equal(50_000 - kept, fixture.Fetch().FetchedBytes);
        AssertComplete();
        Assert.Equal($"bytes={kept}-", Ranges[^1]);
    }

    [Fact]
    public void A_download_that_never_gets_further_is_given_up()
    {
        fixture.Settings = fixture.Settings with { Retries = 2 };
        for (int i = 0; i < 9; i++)
            fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 0 });
        Assert.EndsWith("after 0 of 50000 bytes. What came is kept: start again to go on.", fixture.Refused());
        Assert.Equal(3, Ranges.Length);
    }

    [Fact]
    public void A_server_without_ranges_sends_all_of_it()
    {
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 20_000 });
        fixture.Hub.Store.Next((_, content) => new WebAnswer(200, "OK") { Body = content });
        fixture.Fetch();
        AssertComplete();
    }

    [Fact]
    public void A_part_from_elsewhere_is_not_taken()
    {
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 20_000 });
        fixture.Hub.Store.Next((_, content) => new WebAnswer(206, "Partial Content")
        {
            Body = content[30_000..],
            Headers = { ["Content-Range"] = "bytes 30000-49999/50000" },
        });
        fixture.Fetch();
        AssertComplete();
        Assert.Equal(["", "bytes=20000-", ""], Ranges);
    }

    [Theory]
    [InlineData(60_000)] // longer than the file
    [InlineData(50_000)] // as long as the file
    [InlineData(100)]
    public void Leftovers_of_another_content_are_thrown_away(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Incomplete)!);
        File.WriteAllBytes(Incomplete, new byte[length]);
        fixture.Fetch();
        AssertComplete();
    }

    [Fact]
    public void Corrupted_bytes_are_fetched_once_more()
    {
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, [.. content[1..], 0]));
        fixture.Fetch();
        AssertComplete();
        Assert.Contains("thrown away, fetching it once more", fixture.Notes);
    }

    [Fact]
    public void Bytes_corrupted_twice_are_an_error_and_not_kept()
    {
        for (int i = 0; i < 2; i++)
            fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, [.. content[1..], 0]));
        string message = fixture.Refused(), hash = FakeHub.Sha256(HubFixture.Weights);
        Assert.Contains($"model.safetensors: expected content whose hash begins with {hash[..12]}", message);
        Assert.Contains("twice", message);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(fixture.Repository, "blobs")), path => path.Contains(hash));
        Assert.False(File.Exists(Path.Combine(fixture.Repository, "refs", "main")));
    }

    [Fact]
    public void Small_files_are_checked_by_gits_hash()
    {
        fixture.Hub.When(request => request.Method == "GET" && request.Path.EndsWith("/config.json"),
            request => FakeHub.Part(request, "{\"model_type\": \"resmet\"}"u8.ToArray(), []));
        Assert.Contains("config.json: expected content whose hash begins with", fixture.Refused());
    }

    [Fact]
    public void A_file_longer_than_announced_is_not_written()
    {
        fixture.Hub.Store.Next((_, content) =>
            new WebAnswer(200, "OK") { Body = [.. content, .. content], WithoutLength = true });
        Assert.Contains("expected 50000 bytes", fixture.Refused());
        fixture.Hub.Store.Next((_, content) => new WebAnswer(200, "OK") { Body = content[1..] });
        File.Delete(Incomplete);
        Assert.Contains("expected 50000 bytes", fixture.Refused());
    }

    [Fact]
    public void A_busy_Hub_is_asked_again()
    {
        fixture.Hub.When(_ => true, _ => WebAnswer.Error(503, "Service Unavailable"), times: 2);
        fixture.Fetch();
        AssertComplete();
        Assert.Equal(2, fixture.Notes.Split('\n').Count(note => note.Contains("503 Service Unavailable; trying again")));
    }

    [Fact]
    public void A_Hub_that_stays_broken_is_given_up()
    {
        fixture.Hub.When(_ => true, _ => WebAnswer.Error(500, "Internal Server Error", null, "all is lost"));
        Assert.EndsWith("answers 500 Internal Server Error: all is lost.", fixture.Refused());
        Assert.Equal(1 + fixture.Settings.Retries, fixture.Hub.Lines.Count);
    }

    [Fact]
    public void The_wait_that_a_server_asks_for_is_kept()
    {
        static WebAnswer Busy(string seconds) =>
            new(429, "Too Many Requests") { Headers = { ["Retry-After"] = seconds } };
        fixture.Hub.When(_ => true, _ => Busy("1"), times: 1);
        var watch = Stopwatch.StartNew();
        fixture.Fetch();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.95, 10);
        Assert.Contains("429 Too Many Requests; trying again in 1 s", fixture.Notes);

        using var patient = new HubFixture();
        patient.Hub.When(_ => true, _ => Busy("3600"));
        Assert.Contains("429 Too Many Requests", patient.Refused());
        Assert.Single(patient.Hub.Lines);
    }

    [Fact]
    public void Redirects_in_a_circle_end()
    {
        fixture.Hub.When(_ => true, request => new WebAnswer(302, "Found") { Headers = { ["Location"] = request.Path } });
        Assert.Contains("redirects more than 8 times", fixture.Refused());
    }

    [Fact]
    public void A_redirect_to_a_file_of_this_machine_is_refused()
    {
        fixture.Hub.When(_ => true, _ => new WebAnswer(302, "Found") { Headers = { ["Location"] = "file:///etc/passwd" } });
        Assert.Contains("redirects to no web address", fixture.Refused());
    }

    [Fact]
    public void A_Hub_that_is_not_there_is_named()
    {
        fixture.Hub.Dispose();
        string message = fixture.Refused();
        Assert.Contains($"org/tiny: {new Uri(fixture.Hub.Address).Authority}: Connection refused", message);
        Assert.Contains($"The cache does not have it either (it was never fetched: {fixture.Repository})", message);
        Assert.Contains("HF_ENDPOINT names a mirror", message);
    }

    [Fact]
    public void A_file_larger_than_any_disk_is_not_begun()
    {
        fixture.Hub.When(request => request.Method == "HEAD", _ => new WebAnswer(200, "OK")
        {
            Headers = { ["ETag"] = "\"big\"", ["X-Linked-Size"] = "9000000000000000000", ["Content-Length"] = "0" },
        });
        Assert.Contains("no space left", fixture.Refused());
        Assert.Equal(0, new FileInfo(Path.Combine(fixture.Repository, "blobs", "big.incomplete")).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nonsense_is_refused_in_one_line(int seed)
    {
        var random = new Random(seed);
        fixture.Settings = fixture.Settings with { Retries = 1, StallTimeout = TimeSpan.FromSeconds(0.3) };
        fixture.Hub.When(_ => random.Next(4) == 0, _ => Nonsense(random));
        for (int i = 0; i < 40; i++)
        {
            if (i % 2 == 0) fixture.Hub.Store.Next((_, _) => Nonsense(random));
            try
            {
                fixture.Fetch();
                AssertComplete();
            }
            catch (Exception error) when (error is HubException or InvalidDataException)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
            if (Directory.Exists(fixture.Settings.CacheFolder)) Directory.Delete(fixture.Settings.CacheFolder, recursive: true);
        }
    }

    static WebAnswer Nonsense(Random random)
    {
        byte[] noise = new byte[random.Next(400)];
        random.NextBytes(noise);
        if (random.Next(3) == 0) return new WebAnswer(0) { Raw = noise };
        int[] codes = [200, 204, 206, 301, 302, 304, 400, 401, 403, 404, 416, 418, 500, 503, 999];
        (string Name, string[] Values)[] headers =
        [
            ("ETag", ["\"\"", "W/", "x", "..", new string('a', 300)]),
            ("X-Repo-Commit", ["main", "../x", FakeHub.Commit]),
            ("X-Linked-Size", ["-1", "1e9", "7", "99999999999999999999"]),
            ("X-Error-Code", ["GatedRepo", "RepoNotFound", "RevisionNotFound", "EntryNotFound", "?"]),
            ("Location", ["", "/", "//", "ftp://x/y", "http://", "http://[", "\\\\x"]),
            ("Content-Range", ["bytes 5-2/1", "bytes */*", "lines 1-2/3", "bytes 0-9/10"]),
            ("Retry-After", ["0", "-5", "soon"]),
            ("Content-Encoding", ["gzip", "identity"]),
        ];
        var answer = new WebAnswer(codes[random.Next(codes.Length)], "OK") { Body = noise, CutAfter = random.Next(800) };
        foreach ((string name, string[] values) in headers)
            if (random.Next(2) == 0) answer.Headers[name] = values[random.Next(values.Length)];
        return answer;
    }

    [Fact]
    public void A_full_disk_is_noticed_beforehand()
    {
        fixture.Settings = fixture.Settings with { FreeBytes = _ => 49_999 };
        string message = fixture.Refused();
        Assert.Contains("model.safetensors: no space left in", message);
        Assert.Contains("50000 bytes are still to come", message);
        fixture.Settings = fixture.Settings with { FreeBytes = _ => throw new IOException("not known here") };
        fixture.Fetch();
    }

    [Fact]
    public void A_stop_keeps_what_came_and_nothing_half_written()
    {
        using var stop = new CancellationTokenSource();
        fixture.Cancellation = stop.Token;
        fixture.OnBytes = bytes =>
        {
            if (bytes is > 9_000 and < 50_000) stop.Cancel();
        };
        fixture.Hub.Store.Next((request, content) =>
            FileStore.Whole(request, content) with { Piece = 5000, Pause = TimeSpan.FromMilliseconds(5) });
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Fetch());
        byte[] kept = File.ReadAllBytes(Incomplete);
        Assert.InRange(kept.Length, 9_001, 49_999);
        Assert.Equal(HubFixture.Weights[..kept.Length], kept);
        Assert.False(File.Exists(fixture.Blob(HubFixture.Weights)));
        Assert.False(File.Exists(Path.Combine(fixture.Repository, "refs", "main")));

        (fixture.Cancellation, fixture.OnBytes) = (default, null);
        Assert.Equal(50_000 - kept.Length, fixture.Fetch().FetchedBytes);
        AssertComplete();
    }
}
