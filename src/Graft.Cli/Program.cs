using Graft.Cli;

return Application.Start(args, Verbs.All);
