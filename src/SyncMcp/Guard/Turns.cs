using System.Security.Cryptography;
using System.Text;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>
/// One change at a time on one server, over all windows: from the look to the answer nobody else changes what was looked at. Without this a draft and a run
/// that are called at the same moment could each be judged without the other. Runs change nothing that is judged, so that they meet each other, and no change.
/// A lock on a file, so that it ends with the program that holds it. A server that hangs holds up the next change, as it must: nobody knows yet what it did.
/// </summary>
internal sealed class Turns(OperatorPlace place, string origin)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // well below the minute after which clients give up
    private readonly string name = $"turn-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..16]}.lock";

    /// <summary>True for what can change a definition, or runs one. Stopping a run and deleting a whole never wait for anybody.</summary>
    public static bool Concern(Endpoint endpoint) => endpoint.Tier == Tier.RunsOrArms || (endpoint.Tier == Tier.DestroysPart && endpoint.Kind == Kind.Delete);

    /// <summary>True for what may go on beside others of its kind.</summary>
    public static bool MayMeet(Endpoint endpoint) => endpoint.Kind == Kind.Execute;

    /// <summary>Waits for the turn; it ends when what is returned is disposed.</summary>
    /// <param name="mayMeet">Others that may meet others can have it at the same time.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ToolException">Somebody has held it for half a minute.</exception>
    public async Task<IDisposable> TakeAsync(bool mayMeet, CancellationToken ct)
    {
        var path = place.File(name);
        OperatorPlace.MakePrivate(path);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Look)
        {
            try
            {
                return mayMeet
                    ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
                    : new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException ex) when (ex is not FileNotFoundException)
            {
                await Task.Delay(Look, ct); // another's turn
            }
        }

        throw Refusals.Busy;
    }
}
