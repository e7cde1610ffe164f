namespace Graft.Models;

/// <summary>A file on a server.</summary>
/// <param name="Address">where it is fetched from</param>
/// <param name="Name">how people are told of it</param>
/// <param name="Size">how long it is; null where that will be seen</param>
/// <param name="Hash">what its content must hash to</param>
sealed record RemoteFile(Uri Address, string Name, long? Size, ContentHash Hash);
