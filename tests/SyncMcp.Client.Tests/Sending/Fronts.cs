using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Stands before another server and passes bytes on: as its TLS, or as a proxy that is asked by CONNECT or with whole addresses.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> connections = [];
    private readonly Func<NetworkStream, CancellationToken, Task<(Stream Client, Uri? Server)>> open;
    private readonly Task accepting;

    private Front(Func<NetworkStream, CancellationToken, Task<(Stream Client, Uri? Server)>> open)
    {
        this.open = open;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What a proxy was asked, first lines and credentials.</summary>
    public List<string> Asked { get; } = [];

    public static Front Tls(X509Certificate2 certificate, Uri server) => new(async (socket, ct) =>
    {
        var tls = new SslStream(socket);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
        return (tls, server);
    });

    /// <summary>A proxy by CONNECT; without leave it answers 407.</summary>
    public static Front Proxy(string? leave = null)
    {
        Front? front = null;
        return front = new(async (socket, ct) =>
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReadAsync(one, ct) > 0)
                head.Append((char)one[0]);
            lock (front!.Asked)
                front.Asked.Add(head.ToString());
            var target = head.ToString().Split(' ');
            var let = leave is null || head.ToString().Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(leave)), StringComparison.Ordinal);
            var answer = !let ? "HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                : target[0] == "CONNECT" ? "HTTP/1.1 200 X\r\n\r\n" : "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"j\"}";
            await socket.WriteAsync(Encoding.Latin1.GetBytes(answer), ct);
            return (socket, let && target[0] == "CONNECT" ? new Uri($"http://127.0.0.1:{target[1].Split(':')[1]}") : null);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var raw = new NetworkStream(socket, ownsSocket: true);
            var (client, server) = await open(raw, stop.Token);
            if (server is null)
                return;
            using var behind = new TcpClient();
            await behind.ConnectAsync(server.Host, server.Port, stop.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            await Task.WhenAny(client.CopyToAsync(behind.GetStream(), over.Token), behind.GetStream().CopyToAsync(client, over.Token));
            await over.CancelAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // a client that does not take the certificate goes away
        }
    }
}

/// <summary>A company's CA and a server's certificate from it, made at run time.</summary>
internal sealed class Authority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root;

    public Authority()
    {
        var request = new CertificateRequest($"CN=Company CA {RandomNumberGenerator.GetHexString(4)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-30), TimeProvider.System.GetUtcNow().AddDays(30));
    }

    public string Pem => root.ExportCertificatePem();

    /// <summary>A server's certificate.</summary>
    public X509Certificate2 Issue(string name = "localhost", int days = 10, bool forClients = false)
    {
        using var own = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(forClients ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], critical: false));
        var made = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(key), TimeProvider.System.GetUtcNow().AddDays(-20), TimeProvider.System.GetUtcNow().AddDays(days), RandomNumberGenerator.GetBytes(8));
        using var withKey = made.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A server's certificate that nobody vouches for but itself, as an installer makes one.</summary>
    public static X509Certificate2 SelfSigned(string name = "localhost")
    {
        using var own = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        root.Dispose();
        key.Dispose();
    }
}
