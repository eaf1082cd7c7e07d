using System.Diagnostics;

namespace SyncMcp.Tests.Testing;

/// <summary>A real Chromium without a window, for pages that try what pages must not (tests/chromium.sh finds or installs it).</summary>
internal sealed class Browser : IDisposable
{
    private static readonly Lazy<string?> Program = new(() =>
    {
        using var find = System.Diagnostics.Process.Start(new ProcessStartInfo("bash", [Repository.At("tests", "chromium.sh"), "find"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var path = find.StandardOutput.ReadLine();
        find.WaitForExit();
        return find.ExitCode == 0 ? path : null;
    });

    private readonly TempFolder folder = new();
    private readonly Process process;

    private Browser(Uri page, Uri proxy)
    {
        var start = new ProcessStartInfo(Program.Value!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
                "--disable-dev-shm-usage", "--incognito", $"--user-data-dir={folder["profile"]}", $"--proxy-server={proxy.Authority}",
                // The browser's own walls before local addresses: ours must hold alone.
                "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights", page.ToString(),
            ])
        {
            start.ArgumentList.Add(word);
        }

        process = System.Diagnostics.Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Opens a page; everything but loopback goes through the proxy.</summary>
    public static Browser Open(Uri page, Uri proxy)
    {
        Assert.SkipWhen(Program.Value is null, "No Chromium: bash tests/chromium.sh install");
        return new(page, proxy);
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit(10_000);
        process.Dispose();
        folder.Dispose();
    }
}
