using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>The server's certificate, from its PEM files: read again when they are renewed, without a new start.</summary>
internal sealed class Certificate
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly TlsSettings files;
    private readonly TimeProvider time;
    private readonly Lock reading = new();
    private (X509Certificate2 Certificate, DateTime Changed) held;
    private long lookedAt;

    /// <summary>Reads it.</summary>
    /// <exception cref="SettingException">There is none, or its key does not fit.</exception>
    public Certificate(TlsSettings files, TimeProvider time)
    {
        (this.files, this.time) = (files, time);
        try
        {
            held = (Load(), Changed());
        }
        catch (Exception ex) when (ex is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The certificate {files.Certificate} with the key {files.Key} (tls in http.json) cannot be used: {ex.Message}");
        }
    }

    /// <summary>How Kestrel uses it.</summary>
    public void Apply(HttpsConnectionAdapterOptions https) => https.ServerCertificateSelector = (_, _) => Present();

    private X509Certificate2 Present()
    {
        lock (reading)
        {
            if (time.GetElapsedTime(lookedAt) < Look || Changed() == held.Changed)
                return held.Certificate;
            lookedAt = time.GetTimestamp();
            try
            {
                held = (Load(), Changed()); // the old one is still in use by connections
            }
            catch (Exception ex) when (ex is CryptographicException or IOException or UnauthorizedAccessException)
            {
                Log.Line($"the renewed certificate {files.Certificate} cannot be used, the old one stays: {ex.Message}");
                held.Changed = Changed();
            }

            return held.Certificate;
        }
    }

    private X509Certificate2 Load()
    {
        using var read = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pfx), password: null); // Windows' TLS wants a key that was imported
    }

    private DateTime Changed() => File.GetLastWriteTimeUtc(files.Certificate) is var certificate && File.GetLastWriteTimeUtc(files.Key) is var key && certificate > key ? certificate : File.GetLastWriteTimeUtc(files.Key);
}
