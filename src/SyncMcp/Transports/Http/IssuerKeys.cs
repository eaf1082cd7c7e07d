using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace SyncMcp.Transports.Http;

/// <summary>
/// The keys with which an issuer signs at present: fetched when the first token comes, each few hours, and when a token names one that is not known yet (the
/// SDK's own holder fetches in the background, so that the first caller after a change of keys would be refused). The last good ones stay while the issuer is away.
/// </summary>
internal sealed class IssuerKeys(string issuer, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5); // whatever tokens name, at most so often
    private static readonly TimeSpan Life = TimeSpan.FromHours(6);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim fetching = new(1, 1);
    private long? triedAt;
    private long fetchedAt;

    /// <summary>The keys; null where none could be fetched yet.</summary>
    public IReadOnlyCollection<SecurityKey>? Known { get; private set; }

    /// <summary>The keys, fetched where they are old.</summary>
    public async ValueTask<IReadOnlyCollection<SecurityKey>?> PresentAsync()
    {
        if (Known is null || time.GetElapsedTime(fetchedAt) > Life)
            await FetchAsync(Known);
        return Known;
    }

    /// <summary>The keys after one was not among them.</summary>
    /// <param name="older">Where it was missing.</param>
    public async ValueTask<IReadOnlyCollection<SecurityKey>?> NewerAsync(IReadOnlyCollection<SecurityKey> older)
    {
        await FetchAsync(older);
        return ReferenceEquals(Known, older) ? null : Known;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task FetchAsync(IReadOnlyCollection<SecurityKey>? older)
    {
        await fetching.WaitAsync();
        try
        {
            if (!ReferenceEquals(Known, older) || (triedAt is { } last && time.GetElapsedTime(last) < Pause))
                return;
            // The first change of keys is looked for at once; made-up names of keys soon after it are not.
            triedAt = Known is null ? null : time.GetTimestamp();
            var retriever = new HttpDocumentRetriever(http) { RequireHttps = !new Uri(issuer).IsLoopback };
            var read = await OpenIdConnectConfigurationRetriever.GetAsync($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", retriever, CancellationToken.None);
            if (read.Issuer != issuer)
                throw new InvalidOperationException($"it calls itself {read.Issuer}");
            (Known, fetchedAt) = ([.. read.SigningKeys], time.GetTimestamp());
        }
        catch (Exception ex) when (ex is IOException or HttpRequestException or InvalidOperationException or ArgumentException or TaskCanceledException or System.Text.Json.JsonException)
        {
            triedAt = time.GetTimestamp();
            Log.Line($"the keys of the issuer {issuer} could not be fetched: {Filters.Text.Cut(Filters.Text.Clean(ex.GetBaseException().Message), 200)}");
        }
        finally
        {
            fetching.Release();
        }
    }
}
