using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using SyncMcp.Client.Sending;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Doctor;

/// <summary>Where the way to a server ends: its name, its port, or its certificate.</summary>
internal static class Reach
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, Uri server, Way way, CancellationToken ct)
    {
        if (ProxyOf(server, way) is { } proxy)
        {
            report.Note($"The server is reached through the proxy {proxy.Host}:{proxy.Port}; what is behind it cannot be looked at from here.",
                way.Proxy is null ? "The environment names it (HTTPS_PROXY, HTTP_PROXY); SYNCMCP_PROXY=none goes straight." : "SYNCMCP_PROXY (or proxy in config.json) names it; `none` goes straight.");
            (server, way) = (proxy, new Way { UseProxy = false });
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var (host, port) = (server.IdnHost, server.Port);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, patience.Token);
            report.Good($"{host} is {string.Join(", ", addresses.Take(3).Select(address => address.ToString()))}");
        }
        catch (Exception ex) when (ex is SocketException or OperationCanceledException)
        {
            report.Wrong($"The name {host} is not known here: {ex.Message}", "Check SYNCMCP_URL for a typing error; a company's server may need its VPN.");
            return;
        }

        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(host, port, patience.Token);
            report.Good($"port {port} takes connections");
        }
        catch (Exception ex) when (ex is SocketException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            report.Wrong($"Nothing takes connections at port {port} of {host}: {(ex is SocketException ? ex.Message : "no answer in 5 s")}",
                "Check the port in SYNCMCP_URL, that the Sync server runs, and that no firewall is between.");
            return;
        }

        if (server.Scheme == Uri.UriSchemeHttps)
            await TlsAsync(report, socket, host, way.CaFile, patience.Token);
    }

    private static Uri? ProxyOf(Uri server, Way way) => !way.UseProxy ? null
        : way.Proxy is { } named ? named.Address
        : !server.IsLoopback && HttpClient.DefaultProxy.GetProxy(server) is { } found && found != server ? found
        : null;

    private static async Task TlsAsync(Report report, TcpClient socket, string host, string? caFile, CancellationToken ct)
    {
        var found = "";
        var trust = new ServerTrust(caFile);
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: true, (sender, certificate, chain, errors) =>
        {
            found = $"{certificate?.Subject}, issued by {certificate?.Issuer}, until {certificate?.GetExpirationDateString()}";
            return trust.Accepts(sender, certificate, chain, errors);
        });
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
            report.Good($"certificate: {found}");
        }
        catch (Exception ex) when (ex is AuthenticationException or IOException or OperationCanceledException)
        {
            report.Wrong($"No encrypted connection: {ex.Message}{(found.Length > 0 ? $" ({found})" : "")}",
                found.Length > 0 ? "Name the file of the company's CA (SYNCMCP_CA_FILE, or ca_file in config.json), or correct the host name." : "The port may speak plain http.");
        }
    }
}
