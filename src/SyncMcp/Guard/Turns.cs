using System.Security.Cryptography;
using System.Text;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>
/// One change or run at a time on one server, over all windows: from the look to the answer nobody else changes what was looked at. Without this a draft
/// and a run that are called at the same moment could each be judged without the other. A lock on a file, so that it ends with the program that holds it.
/// </summary>
internal sealed class Turns(OperatorPlace place, string origin)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string name = $"turn-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..16]}.lock";

    /// <summary>True for what can change a definition, or runs one. Stopping a run and deleting a whole never wait for anybody.</summary>
    public static bool Concern(Endpoint endpoint) => endpoint.Tier == Tier.RunsOrArms || (endpoint.Tier == Tier.DestroysPart && endpoint.Kind == Kind.Delete);

    /// <summary>Waits for the turn; it ends when what is returned is disposed.</summary>
    /// <exception cref="ToolException">Somebody has held it for a minute.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken ct)
    {
        var path = place.File(name);
        OperatorPlace.MakePrivate(path);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Look)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException ex) when (ex is not FileNotFoundException)
            {
                await Task.Delay(Look, ct); // another's turn
            }
        }

        throw Refusals.Throttled("Another change has been under way for a minute.", 5);
    }
}
