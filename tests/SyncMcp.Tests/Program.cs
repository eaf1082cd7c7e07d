using SyncMcp.Tests.Testing;

// The tests start this program once more as a window that they can kill.
if (args is ["window", var folder])
    return await WindowProcess.ServeAsync(folder, TimeProvider.System);
if (args is ["window", var place, var reads, var minutes])
    return await WindowProcess.ServeAsync(place, new DyingTime(int.Parse(reads), TimeSpan.FromMinutes(int.Parse(minutes))));
if (args.Any(arg => arg is "-automated" or "@@"))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SyncMcp.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
