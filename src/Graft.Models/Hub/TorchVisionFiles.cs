namespace Graft.Models;

/// <summary>Brings torchvision's published weights into torch's own folder, where torch finds them too.</summary>
sealed class TorchVisionFiles(
    HubSettings settings, WebClient web, IDownloadProgress? progress, CancellationToken cancellation)
{
    /// <exception cref="HubException">They cannot be had.</exception>
    public async Task<FetchedModel> FetchAsync(string asked, PublishedWeights weights)
    {
        string path = Path.Combine(settings.TorchFolder, weights.Location);
        var address = new Uri($"{settings.TorchEndpoint}/{weights.Location}");
        var download = new FileDownload(settings, web, progress, cancellation);
        if (!File.Exists(path))
        {
            if (settings.Offline)
                throw new HubException(
                    $"{weights.FullName}: not on this machine, and HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) forbids to ask " +
                    $"a server: looked for {path}. Put {address} there, or fetch it while online: " +
                    $"graft download {weights.FullName}");
            Directory.CreateDirectory(settings.TorchFolder);
            string locks = Path.Combine(settings.TorchFolder, ".locks", weights.Location + ".lock");
            using (await LockFile.TakeAsync(locks, weights.Location, progress, cancellation).ConfigureAwait(false))
                if (!File.Exists(path))
                {
                    var remote = new RemoteFile(address, weights.Location, null, ContentHash.OfName(weights.Location));
                    await download.FetchAsync(remote, path + ".incomplete", path).ConfigureAwait(false);
                }
        }
        return new FetchedModel
        {
            Name = asked,
            Path = path,
            Files = [path],
            Source = address.ToString(),
            FetchedBytes = download.Fetched,
        };
    }
}
