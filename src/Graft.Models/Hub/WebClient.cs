using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Graft.Models;

/// <summary>
/// Asks web servers: follows redirects itself, so that a token never reaches another host, asks busy servers again, and gives up
/// on silent ones.
/// </summary>
sealed class WebClient : IDisposable
{
    const int MaximumRedirects = 8;
    const int ConnectAttempts = 2;

    readonly HubSettings settings;
    readonly IDownloadProgress? progress;
    readonly HttpClient client;

    public WebClient(HubSettings settings, IDownloadProgress? progress)
    {
        this.settings = settings;
        this.progress = progress;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.AnswerTimeout,
            MaxResponseHeadersLength = 64,
        };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        string version = typeof(WebClient).Assembly.GetName().Version!.ToString(fieldCount: 2);
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("graft", version));
        // sizes and ranges are those of the file itself
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Asks; the answer's body is not read yet, and its status may be an error that stays.</summary>
    /// <param name="what">for what, as people are told of it</param>
    /// <param name="method">GET or HEAD</param>
    /// <param name="address">of whom</param>
    /// <param name="from">the first byte that is wanted</param>
    /// <param name="follow">which redirects are followed</param>
    /// <param name="retries">how often a busy server is asked again</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="HubException">No server answers, or not in time.</exception>
    public async Task<HttpResponseMessage> AskAsync(
        string what, HttpMethod method, Uri address, long from, Func<HttpResponseMessage, bool> follow, int retries,
        CancellationToken cancellation)
    {
        string who = $"{what}: {Host(address)}";
        for (int attempt = 1; ; attempt++)
        {
            string problem;
            TimeSpan? wanted = null;
            bool unreachable = false;
            try
            {
                HttpResponseMessage response =
                    await FollowAsync(method, address, from, follow, cancellation).ConfigureAwait(false);
                if (!IsPassing(response.StatusCode) || attempt > retries) return response;
                wanted = RetryAfter(response);
                if (wanted > settings.LongestWait) return response;
                problem = Describe(response);
                response.Dispose();
            }
            catch (RedirectException error)
            {
                throw new HubException($"{who}: {error.Message}.", error);
            }
            catch (HttpRequestException error)
            {
                unreachable = error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
                problem = Reason(error);
                if (attempt > retries || (unreachable && attempt >= ConnectAttempts))
                    throw new HubException($"{who}: {problem}.", error) { IsUnreachable = unreachable };
            }
            catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
            {
                problem = string.Create(CultureInfo.InvariantCulture,
                    $"no answer within {settings.AnswerTimeout.TotalSeconds:0.##} s");
                if (attempt > retries) throw new HubException($"{who}: {problem}.", error) { IsUnreachable = true };
            }
            await WaitAsync(who, problem, attempt, wanted, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits before the next try: as long as the server asks, else twice as long as the last time.</summary>
    public async Task WaitAsync(string who, string problem, int attempt, TimeSpan? wanted, CancellationToken cancellation)
    {
        TimeSpan wait = wanted ?? settings.RetryDelay * Math.Min(8, 1 << Math.Min(attempt - 1, 3));
        string seconds = wait.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        progress?.Note($"{who}: {problem}; trying again in {seconds} s");
        await Task.Delay(wait, cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether an answer may be another one in a moment.</summary>
    public static bool IsPassing(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary><c>503 Service Unavailable</c>.</summary>
    public static string Describe(HttpResponseMessage response)
    {
        string reason = response.ReasonPhrase is { Length: > 0 and < 80 } phrase ? " " + phrase : "";
        return $"{(int)response.StatusCode}{reason}";
    }

    /// <summary>One header's value, null where there is none or more than one.</summary>
    public static string? Header(HttpResponseMessage response, string name)
    {
        HttpHeadersNonValidated content = response.Content.Headers.NonValidated;
        bool found = response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
            || content.TryGetValues(name, out values);
        return found && values.Count == 1 ? values.ToString() : null;
    }

    /// <summary>Host and port, where the port is not the usual one.</summary>
    public static string Host(Uri address) => address.Authority;

    /// <summary>What went wrong below HTTP, without the layers around it.</summary>
    public static string Reason(Exception error)
    {
        Exception inner = error;
        while (inner.InnerException is { } next && inner is not System.Net.Sockets.SocketException) inner = next;
        string message = inner is System.Net.Sockets.SocketException ? inner.Message : error.Message;
        return message.ReplaceLineEndings(" ").TrimEnd('.');
    }

    async Task<HttpResponseMessage> FollowAsync(
        HttpMethod method, Uri address, long from, Func<HttpResponseMessage, bool> follow, CancellationToken cancellation)
    {
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await SendAsync(method, address, from, cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || !follow(response)) return response;
            Uri? next = Target(address, response);
            response.Dispose();
            if (redirects == MaximumRedirects)
                throw new RedirectException($"redirects more than {MaximumRedirects} times");
            if (next is null) throw new RedirectException("redirects to no web address");
            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                throw new RedirectException($"redirects from https to http ({Host(next)}), which is not safe");
            address = next;
        }
    }

    /// <summary>Where a redirect leads; null where that is no web address.</summary>
    public static Uri? Target(Uri address, HttpResponseMessage response) =>
        Header(response, "Location") is { } location && Uri.TryCreate(address, location, out Uri? next)
            && next.Scheme is "http" or "https" ? next : null;

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        if (settings.Token is { } token && IsEndpoint(address))
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(settings.AnswerTimeout);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
    }

    bool IsEndpoint(Uri address)
    {
        var endpoint = new Uri(settings.Endpoint);
        return address.Scheme == endpoint.Scheme && address.Port == endpoint.Port
            && address.Host.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase);
    }

    static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter is not { } header ? null
            : header.Delta ?? (header.Date - DateTimeOffset.UtcNow);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    public void Dispose() => client.Dispose();

    sealed class RedirectException(string message) : Exception(message);
}
