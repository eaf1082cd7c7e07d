using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SyncMcp.Commands.Doctor;

/// <summary>Where the way to a server ends: its name, its port, or its certificate.</summary>
internal static class Reach
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, Uri server, CancellationToken ct)
    {
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
            await TlsAsync(report, socket, host, patience.Token);
    }

    private static async Task TlsAsync(Report report, TcpClient socket, string host, CancellationToken ct)
    {
        var found = "";
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: true, (_, certificate, _, errors) =>
        {
            found = $"{certificate?.Subject}, issued by {certificate?.Issuer}, until {certificate?.GetExpirationDateString()}: {errors}";
            return errors == SslPolicyErrors.None;
        });
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
            report.Good($"certificate: {found}");
        }
        catch (Exception ex) when (ex is AuthenticationException or IOException or OperationCanceledException)
        {
            report.Wrong($"No encrypted connection: {(found.Length > 0 ? found : ex.Message)}",
                found.Length > 0 ? "Add the company's CA to the system's store, or correct the host name." : "The port may speak plain http.");
        }
    }
}
