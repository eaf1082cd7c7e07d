using SyncMcp.Tests.Conformance;
using SyncMcp.Tests.Testing;

// The tests start this program once more as a window that they can kill.
if (args is ["window", var folder])
    return await WindowProcess.ServeAsync(folder, TimeProvider.System);
if (args is ["window", var folders, var reads, var minutes])
    return await WindowProcess.ServeAsync(folders, new DyingTime(int.Parse(reads, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture))));
// Clients in other languages call it over HTTP.
if (args is ["http", var served])
    return await HttpWindow.ServeAsync(served);
// A browser looks at the page (tests/page.sh).
if (args is ["page", var seen, var jobs, ..])
    return await PageWorld.ServeAsync(seen, int.Parse(jobs, System.Globalization.CultureInfo.InvariantCulture), open: !args.Contains("--key"));
// The conformance suites of the protocol call it as a server.
if (args is ["conformance", var port, ..])
    return await ConformanceHost.ServeAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), stateless: args.Contains("--stateless"));
if (args is ["soak", var place, var upstream])
    return await SoakServer.ServeAsync(place, new(upstream));
if (args.Any(arg => arg is "-automated" or "@@"))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SyncMcp.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
